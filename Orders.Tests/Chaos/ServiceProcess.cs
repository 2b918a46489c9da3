using System.Diagnostics;
using System.Text;
using Orders.Engines.Processes;

namespace Orders.Tests.Chaos;

/// <summary>A built service as a process of its own, or one of its commands.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int Kill = 9;
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ServiceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>All it has said so far.</summary>
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

    /// <summary>Starts Orders.Sync.</summary>
    public static ServiceProcess Start(IReadOnlyDictionary<string, string?> settings, params IEnumerable<string> arguments) =>
        Start("Orders.Sync.dll", "http://127.0.0.1:0", settings, arguments);

    /// <summary>Starts Orders.Api.</summary>
    public static ServiceProcess StartApi(IReadOnlyDictionary<string, string?> settings, Uri address) =>
        Start("Orders.Api.dll", address.AbsoluteUri, settings, []);

    /// <summary>Starts Orders.Query.</summary>
    public static ServiceProcess StartQuery(IReadOnlyDictionary<string, string?> settings, Uri address) =>
        Start("Orders.Query.dll", address.AbsoluteUri, settings, []);

    /// <summary>Starts Orders.Warehouse, or one of its commands.</summary>
    public static ServiceProcess StartWarehouse(IReadOnlyDictionary<string, string?> settings, params IEnumerable<string> arguments) =>
        Start("Orders.Warehouse.dll", "http://127.0.0.1:0", settings, arguments);

    private static ServiceProcess Start(string service, string address, IReadOnlyDictionary<string, string?> settings, IEnumerable<string> arguments)
    {
        var dotnet = Executables.Find("dotnet", Environment.GetEnvironmentVariable("PATH") ?? "") ?? throw new InvalidOperationException("no dotnet on the PATH");
        var start = new ProcessStartInfo(dotnet) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (OperatingSystem.IsLinux())
        {
            // Tests that a script runs in the background ignore Ctrl-C, and so would all that they start.
            start.FileName = "env";
            start.ArgumentList.Add("--default-signal=INT");
            start.ArgumentList.Add(dotnet);
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, service));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["Logging__LogLevel__Default"] = "Warning";

        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            Native.Signal(Id, Kill);
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code and all it said.</returns>
    public async Task<(int ExitCode, string Output)> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, Said);
    }

    public void Signal(int signal) => Native.Signal(Id, signal);

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
