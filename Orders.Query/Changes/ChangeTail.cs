using System.Threading.Channels;
using Orders.Domain.Cache;
using Orders.Query.Reading;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Query.Changes;

/// <summary>
/// Reads the feed from Postgres into the ring, once for all clients, and only while there are some. Messages
/// from Redis trigger a read. While Redis is silent or unavailable, slow polling finds the changes.
/// </summary>
internal sealed partial class ChangeTail(ChangeStore store, ChangeRing ring, ChangeReaders readers, ChangeIdSeal seal, IRedis redis, TimeProvider time, ILogger<ChangeTail> logger)
    : BackgroundService, IChangeListener
{
    private const int PageRows = 250;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseWithoutRedis = TimeSpan.FromMilliseconds(250);

    private readonly AnnouncedChanges _told = new();

    // Any number of messages during a read trigger one more read.
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _started;
    private TimeSpan _pause = FirstPause;
    private ulong _horizon;

    public bool IsIdle => readers.Count == 0;

    public void OnChange(ChangeMessage change)
    {
        if (IsIdle)
        {
            return;
        }

        _told.OnChange(change.OrderId, change.Version, time.GetUtcNow());
        _calls.Writer.TryWrite(true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (true)
        {
            _started &= !readers.TryRest();
            await readers.AnyAsync(stoppingToken);
            try
            {
                await BeginAsync(stoppingToken);
                while (readers.Count > 0)
                {
                    await ReadAsync(stoppingToken);
                    pause = FirstPause;
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log(failure);
                readers.Fail(failure);
                await Task.Delay(pause, time, stoppingToken);
                pause = Longer(pause);
            }
        }
    }

    // After a failure it continues at its position for connected clients. A new start begins with changes
    // from now on.
    private async Task BeginAsync(CancellationToken stoppingToken)
    {
        if (_started)
        {
            return;
        }

        _told.Clear();
        ring.Reset(await store.ReadHeadAsync(stoppingToken));
        _started = true;
        readers.Start();
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        while (_calls.Reader.TryRead(out _))
        {
            // This read sees all changes that were announced until now.
        }

        var last = _told.Last;
        var before = ring.Look();
        var page = await store.ReadAsync(before.End, ChangeFilter.Everything, PageRows, stoppingToken);
        if (page.Head.Feed != before.Feed || page.Head.Next < before.End.Xid)
        {
            LogAnew();
            ring.Reset(page.Head);
            return;
        }

        ring.Append([.. page.Rows.Select(row => ChangeEvent.Render(row, before.Feed, seal, _told.Take(row.Position.OrderId, row.Version)))], page.End);
        if (page.IsFull)
        {
            return;
        }

        if (_told.AreHidden(last, page.Head))
        {
            await PauseAsync(page.Head.Horizon, stoppingToken);
        }
        else
        {
            await CalledAsync(redis.IsConnected ? LongestPause : PauseWithoutRedis, stoppingToken);
        }
    }

    // An open transaction hides changes. Usually it ends at once; for a long one the reads become less
    // frequent (backoff).
    private async Task PauseAsync(ulong horizon, CancellationToken stoppingToken)
    {
        _pause = horizon == _horizon ? Longer(_pause) : FirstPause;
        _horizon = horizon;
        await Task.Delay(FirstPause, time, stoppingToken);
        if (_pause > FirstPause)
        {
            await CalledAsync(_pause - FirstPause, stoppingToken);
        }
    }

    private async Task CalledAsync(TimeSpan atMost, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var called = _calls.Reader.WaitToReadAsync(limit.Token).AsTask();
        await Task.WhenAny(called, Task.Delay(atMost, time, limit.Token));
        await limit.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private void Log(Exception failure)
    {
        if (ReadModelFaults.Explain(failure) is { } reason)
        {
            LogAway(reason);
        }
        else
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The feed of changes cannot be read now: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The feed of changes could not be read; it is tried again")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres has another feed of changes than before: its readers are told to begin anew")]
    private partial void LogAnew();
}
