using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orders.Engines;
using Orders.Engines.Npm;
using Orders.Engines.Processes;
using Orders.Local.Gateway;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>The real gateway, a process of Node, on a free loopback port.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private static readonly Lazy<Task<NodeProgram?>> Program = new(() => GatewayProgram.FindAsync(new EngineOptions(), new Announcer(), CancellationToken.None));

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private Uri? _listening;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayHost(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Signed in as <c>foo</c>.</summary>
    public HttpClient Client { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>All that it has said, both streams.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Whether there is a Node to run it.</summary>
    public static async Task<bool> IsThereAsync() => await Program.Value is not null;

    /// <summary>Node and the gateway's code with its packages, installed when they are absent.</summary>
    public static async Task<NodeProgram> FindAsync()
    {
        var program = await Program.Value;
        Assert.SkipWhen(program is null, "no Node on this machine");
        return program!;
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<GatewayHost> StartAsync(Uri query, params (string Name, string Value)[] environment)
    {
        var host = await LaunchAsync([("ORDERS_QUERY_URL", query.OriginalString), ("PORT", "0"), ("ORDERS_ENVIRONMENT", "Development"), .. environment]);
        if (await Task.WhenAny(host._address.Task, host._process.WaitForExitAsync()) != host._address.Task)
        {
            throw new InvalidOperationException($"Orders.GraphQL ended with {host._process.ExitCode}:\n{host.Said}");
        }

        host._listening = await host._address.Task;
        host.Client = host.ClientOf("foo", "bar");
        return host;
    }

    /// <summary>Starts it with these settings, as they are.</summary>
    public static async Task<GatewayHost> LaunchAsync(params IEnumerable<(string Name, string Value)> environment)
    {
        var program = await FindAsync();
        // It dies with us, as under Orders.Local.
        var start = Launcher.Prepare(program.Node, [program.Script], Path.GetDirectoryName(program.Script)!);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = await Launcher.StartAsync(start);
        process.StandardInput.Close();
        return new(process);
    }

    public HttpClient ClientOf(string key, string secret)
    {
        var client = AnonymousClient();
        client.DefaultRequestHeaders.Authorization = TestService.Basic(key, secret);
        return client;
    }

    public HttpClient AnonymousClient() => new() { BaseAddress = _listening };

    /// <summary>Asks, and expects an answer without errors.</summary>
    /// <returns>The member <c>data</c>.</returns>
    public async Task<JsonElement> AskAsync(string query, object? variables = null)
    {
        var answer = await SendAsync(query, variables);
        answer.Status.ShouldBe(200, answer.Body.ToString());
        answer.Body.TryGetProperty("errors", out var errors).ShouldBeFalse(errors.ToString());
        return answer.Body.GetProperty("data");
    }

    /// <summary>Asks, whatever comes.</summary>
    public async Task<GatewayAnswer> SendAsync(string query, object? variables = null, HttpClient? client = null)
    {
        using var answer = await (client ?? Client).PostAsJsonAsync("/graphql", new { query, variables });
        return await GatewayAnswer.ReadAsync(answer);
    }

    public void Signal(int signal) => Native.Signal(Id, signal);

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited)
        {
            Signal(Native.Kill);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        const string Listening = "listens on ";
        lock (_said)
        {
            _said.AppendLine(line);
        }

        if (line?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _address.TrySetResult(new(line[(at + Listening.Length)..]));
        }
    }

    private sealed class Announcer : IProgress<EngineStep>
    {
        public void Report(EngineStep value) => TestContext.Current.SendDiagnosticMessage("{0}", value);
    }
}
