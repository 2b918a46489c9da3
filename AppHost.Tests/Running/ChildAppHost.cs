using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Orders.AppHost.Commands;

namespace Orders.AppHost.Tests.Running;

/// <summary>
/// AppHost as a child process, started as a user would, with random free ports and local engines.
/// </summary>
internal sealed class ChildAppHost : IDisposable
{
    private const string Marker = "ORDERS_APPHOST_TEST";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _data;
    private readonly string _mark;

    private ChildAppHost(Process process, string data, string mark)
    {
        (_process, _data, _mark) = (process, data, mark);
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="data">The folder for the engines' data and for the file with the addresses; not passed
    /// with <c>--Ephemeral=true</c>.</param>
    /// <param name="arguments">More arguments.</param>
    public static ChildAppHost Start(string data, params string[] arguments) =>
        Start(data, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Starts it with environment variables.</summary>
    /// <param name="data">As above.</param>
    /// <param name="environment">The variables.</param>
    /// <param name="arguments">More arguments.</param>
    public static ChildAppHost Start(string data, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var mark = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "AppHost.exe" : "AppHost");

        // Tests that a script runs in the background ignore SIGINT, and their child processes would inherit
        // that.
        string[] way = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", program] : [program];
        var start = new ProcessStartInfo(
            way[0],
            [.. way[1..], "--Engines=true", .. arguments.Contains("--Ephemeral=true", StringComparer.Ordinal) ? Array.Empty<string>() : [$"--data={data}"], "--DcpPublisher:RandomizePorts=true", "--sync-port=0", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment =
            {
                [Marker] = mark,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://127.0.0.1:0",
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "http://127.0.0.1:0",
            },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, data, mark);
    }

    /// <summary>Whether it has exited.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits until it exits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var bound = new CancellationTokenSource(Bound);
        await _process.WaitForExitAsync(bound.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until the services are ready, and returns a client of one of them.</summary>
    public async Task<HttpClient> ClientAsync(string service)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            try
            {
                using var addresses = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_data, "endpoints.json"), bound.Token));
                if (addresses.RootElement.GetProperty("pid").GetInt32() == Id)
                {
                    // Aspire's proxy accepts a connection before the service behind it runs, and holds it.
                    var client = new HttpClient { BaseAddress = new Uri(addresses.RootElement.GetProperty(service).GetString()!), Timeout = TimeSpan.FromSeconds(10) };
                    client.DefaultRequestHeaders.Authorization = ServiceClient.LocalKey;
                    await ReadyAsync(client, bound.Token);
                    return client;
                }
            }
            catch (Exception notYet) when (notYet is IOException or JsonException)
            {
                // The stores are not up yet.
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"{service} is not ready:\n{Output}", late);
            }

            await PauseAsync(bound.Token);
        }
    }

    /// <summary>Its running descendants, by name.</summary>
    public IReadOnlyList<(int Id, string Program)> Running() => MarkedProcesses.Find($"{Marker}={_mark}", _data);

    public void Dispose()
    {
        foreach (var (id, _) in Running())
        {
            try
            {
                using var left = Process.GetProcessById(id);
                left.Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It has exited meanwhile.
            }
        }

        _process.Dispose();
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"AppHost has ended with {_process.ExitCode}:\n{Output}");
        }

        try
        {
            await Task.Delay(100, cancellationToken);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"AppHost is not ready:\n{Output}", late);
        }
    }

    private async Task ReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception notYet) when (notYet is HttpRequestException || (notYet is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It does not respond yet.
            }

            await PauseAsync(cancellationToken);
        }
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
