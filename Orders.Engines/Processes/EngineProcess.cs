using System.Diagnostics;
using Orders.Engines.Data;

namespace Orders.Engines.Processes;

/// <summary>A running engine: its process, its log file, and how it is stopped.</summary>
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

    /// <summary>Ends when the process does.</summary>
    public Task Exited { get; }

    /// <summary>Starts it, and records it so that it is found again if we are killed.</summary>
    /// <exception cref="EngineException">The system does not run the program.</exception>
    public static async Task<EngineProcess> StartAsync(EngineStart start, DataFolder data)
    {
        var info = Launcher.Prepare(start.Program, start.Arguments, start.Folder, start.User, start.StopSignal == Native.Interrupt ? "INT" : "TERM");
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        try
        {
            var process = await Launcher.StartAsync(info);
            if (ProcessIdentity.Of(process.Id, start.Program) is { } identity)
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

    /// <summary>Waits until the engine answers.</summary>
    /// <param name="answers">Asks it once; false or an exception is "not yet".</param>
    /// <param name="bound">How long to go on asking.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">It ended, or did not answer in time; with the end of its
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

    /// <summary>What to say of an engine that ended although nobody stopped it.</summary>
    /// <param name="how">In which way.</param>
    /// <param name="more">What else to do about it, a sentence.</param>
    public async Task<EngineException> EndedAsync(string how, string more = "")
    {
        await Exited;
        await Task.WhenAny(_copying, Task.Delay(LongestPause));
        return new($"{Name} {how} (exit code {_process.ExitCode})", more.Length > 0 ? $"{more} {_whereToLook}" : _whereToLook, Tail());
    }

    /// <summary>
    /// Asks it to end, and ends it when it does not in time: the services before it have had their part of
    /// the five seconds.
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
        await using var log = new FileStream(_log, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
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
