using System.Diagnostics;
using Orders.Engines.Data;

namespace Orders.Engines.Processes;

/// <summary>A running engine: its process, its log file, and how to stop it.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private const int TailLines = 12;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.8);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly EngineStart _start;
    private readonly string _log;
    private readonly string _whereToLook;
    private readonly Task _copying;
    private bool _disposed;

    private EngineProcess(Process process, EngineStart start, DataFolder data)
    {
        (_process, _start, _log) = (process, start, data.LogFile(start.Name));
        _whereToLook = data.IsTemporary ? "The end of its log:" : $"Its log is {_log}.";
        _copying = CopyOutputAsync();
        Exited = process.WaitForExitAsync();
    }

    public string Name => _start.Name;

    public int Id => _process.Id;

    /// <summary>Completes when the process exits.</summary>
    public Task Exited { get; }

    /// <summary>
    /// Starts the engine, and records it, so that the next start finds it if this process is killed.
    /// </summary>
    /// <exception cref="EngineException">The system cannot run the program.</exception>
    public static async Task<EngineProcess> StartAsync(EngineStart start, DataFolder data)
    {
        var (program, arguments) = start.Closed();
        var info = Launcher.Prepare(program, arguments, start.Folder, start.User, start.StopSignal == Native.Interrupt ? "INT" : "TERM");
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        try
        {
            var process = await Launcher.StartAsync(info);
            if (ProcessIdentity.Of(process.Id, start.Program, start.User, start.Mark) is { } identity)
            {
                data.Processes.Add(identity);
            }

            process.StandardInput.Close();
            return new(process, start, data);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new EngineException($"{start.Name} does not start: {failure.Message}", $"See whether '{start.Program}' runs on its own.", inner: failure);
        }
    }

    /// <summary>Waits until the engine responds.</summary>
    /// <param name="answers">One attempt; false or an exception means "not yet".</param>
    /// <param name="bound">The time limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="EngineException">It exited, or did not respond in time; with the end of its
    /// log.</exception>
    public async Task UntilAsync(Func<CancellationToken, Task<bool>> answers, TimeSpan bound, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(bound);
        try
        {
            for (var pause = FirstPause; !await answers(limit.Token); pause = pause < LongestPause ? pause * 2 : LongestPause)
            {
                if (await Task.WhenAny(Exited, Task.Delay(pause, limit.Token)) == Exited)
                {
                    throw await EndedAsync("ended as soon as it was started", _start.IfDamaged);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException($"{Name} did not answer within {bound.TotalSeconds:0} s", _whereToLook, Tail());
        }
    }

    /// <summary>Describes the end of an engine that was not stopped.</summary>
    /// <param name="how">How it ended.</param>
    /// <param name="more">More advice, as a sentence.</param>
    public async Task<EngineException> EndedAsync(string how, string more = "")
    {
        await Exited;
        await Task.WhenAny(_copying, Task.Delay(LongestPause));
        return new($"{Name} {how} (exit code {_process.ExitCode})", more.Length > 0 ? $"{more} {_whereToLook}" : _whereToLook, Tail());
    }

    /// <summary>
    /// Asks the engine to stop, and kills it if it does not in time: the services, which stop first, have
    /// used part of the five seconds.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        if (!Exited.IsCompleted)
        {
            ProcessSignals.Send(_process.Id, _start.StopSignal);
            await Task.WhenAny(Exited, Task.Delay(Grace));
        }

        if (!Exited.IsCompleted)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Exited;
        await Task.WhenAny(_copying, Task.Delay(LongestPause));
        _process.Dispose();
    }

    private string Tail()
    {
        try
        {
            using var log = new StreamReader(new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return string.Join('\n', log.ReadToEnd().TrimEnd().Split('\n').TakeLast(TailLines));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task CopyOutputAsync()
    {
        await using var log = OwnFile.Create(_log, FileShare.ReadWrite | FileShare.Delete);
        using var one = new SemaphoreSlim(1);
        await Task.WhenAll(CopyAsync(_process.StandardOutput.BaseStream), CopyAsync(_process.StandardError.BaseStream));

        async Task CopyAsync(Stream output)
        {
            var buffer = new byte[4096];
            for (int read; (read = await output.ReadAsync(buffer)) > 0;)
            {
                await one.WaitAsync();
                try
                {
                    await log.WriteAsync(buffer.AsMemory(0, read));
                    await log.FlushAsync();
                }
                finally
                {
                    one.Release();
                }
            }
        }
    }
}
