using System.Diagnostics;
using System.Text;
using Orders.Bench.Measuring;
using Orders.Engines.Processes;

namespace Orders.Bench.Soak;

/// <summary>A service as a process of its own, at an address that it keeps when it is restarted.</summary>
internal sealed class SoakService : IAsyncDisposable
{
    private const int Shown = 4_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly Func<int, ProcessStartInfo> _start;
    private readonly int _port = Ports.Free();
    private readonly StringBuilder _said = new();
    private Process? _process;

    private SoakService(string name, Func<int, ProcessStartInfo> start)
    {
        (Name, _start) = (name, start);
        Address = new($"http://127.0.0.1:{_port}");
    }

    public string Name { get; }

    public Uri Address { get; }

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>What it holds now; null while it does not run.</summary>
    public Footprint? Footprint => _process is { HasExited: false } running ? Footprint.Of(running.Id) : null;

    /// <summary>A service of ours, as it is built beside this program.</summary>
    public static SoakService OfDotNet(string name, string project, IReadOnlyDictionary<string, string?> settings) => new(name, port =>
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{project}.dll"));
        foreach (var (setting, value) in settings)
        {
            start.Environment[setting.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        return start;
    });

    /// <summary>A program that takes its port from <c>PORT</c>.</summary>
    public static SoakService OfProgram(string name, string program, string script, IReadOnlyDictionary<string, string> environment) => new(name, port =>
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetDirectoryName(script) };
        start.ArgumentList.Add(script);
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        start.Environment["PORT"] = $"{port}";
        return start;
    });

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = _start(_port);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        using var client = new HttpClient { BaseAddress = Address };
        var began = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(client, cancellationToken))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Bound)
            {
                throw new InvalidOperationException($"{Name} does not get ready:\n{Said()}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Stops it, as a platform does or as a crash does, and starts it again.</summary>
    /// <param name="crash">Whether it gets no chance to end in order.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task RestartAsync(bool crash, CancellationToken cancellationToken)
    {
        Native.Signal(_process!.Id, crash ? Native.Kill : Native.Terminate);
        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        Restarts++;
        await StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        if (!process.HasExited)
        {
            Native.Signal(process.Id, Native.Terminate);
            using var bound = new CancellationTokenSource(Bound);
            await process.WaitForExitAsync(bound.Token);
        }

        process.Dispose();
    }

    /// <summary>The end of what it said.</summary>
    public string Said()
    {
        lock (_said)
        {
            return _said.Length > Shown ? _said.ToString(_said.Length - Shown, Shown) : _said.ToString();
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }
}
