using System.Diagnostics;
using System.Text;
using Orders.Engines.Processes;

namespace Orders.Tests.Local;

/// <summary>The built Orders.Local as a process of its own, in a folder of its own, on free ports.</summary>
internal sealed class OrdersLocalProcess : IAsyncDisposable
{
    // So that a test fails and does not hang; nothing here takes nearly as long.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OrdersLocalProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>All that it has said, both streams.</summary>
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

    public static OrdersLocalProcess Start(string folder, params IEnumerable<string> arguments) =>
        Start(folder, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public static OrdersLocalProcess Start(string folder, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        Start(through: null, folder, environment, arguments);

    /// <summary>Starts it by a program that replaces itself with it.</summary>
    public static OrdersLocalProcess StartThrough(string program, string folder, params IEnumerable<string> arguments) =>
        Start(program, folder, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    private static OrdersLocalProcess Start(string? through, string folder, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        string[] ports = ["--api-port", "0", "--query-port", "0", "--sync-port", "0", "--graphql-port", "0", "--warehouse-port", "0"];
        var own = arguments.ToArray();
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : DotNet();
        var start = new ProcessStartInfo(through ?? dotnet)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (through is not null)
        {
            start.ArgumentList.Add(dotnet);
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Orders.Local.dll"));
        foreach (var argument in ports.Where((_, i) => !own.Contains(ports[i & ~1])).Concat(own))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(start);
    }

    /// <summary>Waits for the line Ready.</summary>
    /// <exception cref="InvalidOperationException">It ended before; with all that it said.</exception>
    public async Task ReadyAsync()
    {
        if (await Task.WhenAny(_ready.Task, _process.WaitForExitAsync()) != _ready.Task)
        {
            throw new InvalidOperationException($"Orders.Local ended with {_process.ExitCode}:\n{Output}");
        }
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return _process.ExitCode;
    }

    public void Signal(int signal) => Native.Signal(Id, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Native.Terminate);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line == "Ready")
        {
            _ready.TrySetResult();
        }
    }

    private static string DotNet() => Executables.Find("dotnet", Environment.GetEnvironmentVariable("PATH") ?? "")
        ?? Path.Combine(Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "", "dotnet");
}
