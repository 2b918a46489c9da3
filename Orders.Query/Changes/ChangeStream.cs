using System.Text;
using Orders.Query.Metrics;
using Orders.Query.Reading;

namespace Orders.Query.Changes;

/// <summary>
/// One client's stream: from the ring while it keeps up, else from Postgres page by page. Its only state is
/// its position and the current page.
/// </summary>
internal sealed class ChangeStream(ChangeRing ring, ChangeReplay replay, ChangeIdSeal seal, EventWriter writer, ChangeFilter filter, ChangeStart start, TimeSpan ping, TimeProvider time)
{
    private const int RingBatch = 64;
    private static readonly TimeSpan PauseWithoutPostgres = TimeSpan.FromMilliseconds(250);

    // The comment makes proxies flush; the client reconnects a second after a disconnect.
    private static readonly byte[] Opening = ": changes of orders\nretry: 1000\n\n"u8.ToArray();

    private readonly List<ChangeEvent> _batch = new(RingBatch);
    private string _feed = start.Feed;
    private int _generation = start.Generation;
    private ChangePosition _position = start.Position;
    private bool _replaying;

    /// <summary>Writes until the client disconnects or the service stops.</summary>
    /// <exception cref="TimeoutException">The client reads nothing.</exception>
    /// <exception cref="OperationCanceledException">The client disconnects or the service stops.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await writer.WriteAsync(Opening, stop);
        if (start.Kind == ChangeStartKind.Reset)
        {
            await TellAsync("reset", """{"reason":"Last-Event-ID is of another feed: read again what you have"}""", stop);
        }
        else
        {
            await TellAsync("ready", start.Kind == ChangeStartKind.Resumed ? """{"resumed":true}""" : """{"resumed":false}""", stop);
        }

        await writer.FlushAsync(stop);
        while (true)
        {
            await StepAsync(stop);
        }
    }

    private async Task StepAsync(CancellationToken stop)
    {
        var moved = ring.Moved;
        _batch.Clear();
        var read = ring.Read(_position, _batch, RingBatch);
        if (read.Generation != _generation)
        {
            (_feed, _generation, _position, _replaying) = (read.Feed, read.Generation, read.End, false);
            await TellAsync("reset", """{"reason":"the read model was made anew: read again what you have"}""", stop);
        }
        else if (read.IsBehind)
        {
            await ReplayAsync(stop);
        }
        else if (_batch is [])
        {
            (_position, _replaying) = (ChangePosition.Later(_position, read.End), false);
            await WaitAsync(moved, stop);
        }
        else
        {
            foreach (var change in _batch)
            {
                await SendAsync(change, QueryMetrics.FromRing, stop);
            }

            (_position, _replaying) = (_batch[^1].Position, false);
        }

        await PingAsync(stop);
        await writer.FlushAsync(stop);
    }

    private async Task ReplayAsync(CancellationToken stop)
    {
        if (!_replaying)
        {
            QueryMetrics.ChangeReplays.Add(1);
        }

        _replaying = true;
        try
        {
            if (await replay.ReadAsync(_position, filter, stop) is not { } page)
            {
                return;
            }
            // A page of another database does not belong to this stream; the ring will report that.
            if (page.Head.Feed == _feed)
            {
                foreach (var row in page.Rows)
                {
                    await SendAsync(ChangeEvent.Render(row, _feed, seal, cachedAt: null), QueryMetrics.FromPostgres, stop);
                }

                _position = page.End;
                return;
            }
        }
        catch (Exception failure) when (failure is not TimeoutException && ReadModelFaults.Explain(failure) is not null)
        {
            // Retried below, so that a connected client need not reconnect.
        }

        await Task.Delay(PauseWithoutPostgres, time, stop);
    }

    private async ValueTask SendAsync(ChangeEvent change, KeyValuePair<string, object?> source, CancellationToken stop)
    {
        if (!filter.Matches(change))
        {
            return;
        }

        await writer.WriteAsync(change.Frame, stop);
        QueryMetrics.ChangesSent.Add(1, source);
    }

    private async Task WaitAsync(Task moved, CancellationToken stop)
    {
        var left = ping - time.GetElapsedTime(writer.WrittenAt);
        if (left > TimeSpan.Zero)
        {
            await moved.WaitAsync(left, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        stop.ThrowIfCancellationRequested();
    }

    // A client with a narrow filter also learns its position: an id without data is stored by the client and
    // is no event. When it reconnects, it does not read again what did not match. Every ping has one: its
    // absence would tell that nobody else's orders change.
    private async ValueTask PingAsync(CancellationToken stop)
    {
        if (time.GetElapsedTime(writer.WrittenAt) < ping)
        {
            return;
        }

        await writer.WriteAsync(Encoding.ASCII.GetBytes($": ping\nid: {seal.Close(new(_feed, _position))}\n\n"), stop);
    }

    private ValueTask TellAsync(string name, string data, CancellationToken stop) =>
        writer.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\nid: {seal.Close(new(_feed, _position))}\ndata: {data}\n\n"), stop);
}
