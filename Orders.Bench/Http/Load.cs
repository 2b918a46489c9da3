using System.Diagnostics;

namespace Orders.Bench.Http;

/// <summary>
/// Requests of one side, as many at a time as it has lanes, each lane's next one when its last is answered.
/// It runs for moments, so that sides are measured by turns, and what the moments of a round bring is taken
/// together.
/// </summary>
internal abstract class Load : IDisposable
{
    /// <summary>How many requests are under way at a time.</summary>
    protected const int Lanes = 16;

    // Room for a round, so that no list grows while others are measured.
    private const int RequestsInRound = 1 << 14;

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Lanes).Select(number => new Lane(number))];
    private long _allocated;

    /// <summary>Sends requests for a moment.</summary>
    /// <param name="turn">How long, and what of it counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(Turn turn, CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var from = Stopwatch.GetTimestamp() + Ticks(turn.LeadIn);
        var until = from + Ticks(turn.Counted);
        await Task.WhenAll(_lanes.Select(lane => Task.Run(() => RunAsync(lane, from, until, cancellationToken), cancellationToken)));
        _allocated += GC.GetTotalAllocatedBytes(precise: true) - allocated;
    }

    /// <summary>What all moments since the last call came to.</summary>
    public LoadResult Take()
    {
        var times = _lanes.SelectMany(lane => lane.Times).Order().ToArray();
        var sent = _lanes.Sum(lane => lane.Sent);
        if (times.Length == 0)
        {
            // A short moment on a machine that stood still.
            Clear();
            return new LoadResult(0, 0, 0, sent);
        }

        // A lane waits for nothing but its answers: its own time, not the clock's, so that a moment's last
        // requests count in whole.
        var rate = Lanes * (double)times.Length * Stopwatch.Frequency / _lanes.Sum(lane => lane.Busy);
        var result = new LoadResult(rate, Microseconds(times, 0.99), (double)_allocated / sent, sent);
        Clear();
        return result;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <param name="lane">Whose; from 0.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected abstract ValueTask SendAsync(int lane, CancellationToken cancellationToken);

    protected virtual void Dispose(bool disposing)
    {
    }

    private async Task RunAsync(Lane lane, long from, long until, CancellationToken cancellationToken)
    {
        var first = 0L;
        var sent = Stopwatch.GetTimestamp();
        while (sent < until)
        {
            await SendAsync(lane.Number, cancellationToken);
            var answered = Stopwatch.GetTimestamp();
            lane.Sent++;
            if (sent >= from)
            {
                first = first == 0 ? sent : first;
                lane.Times.Add(answered - sent);
            }

            sent = answered;
        }

        lane.Busy += first == 0 ? 0 : sent - first;
    }

    private void Clear()
    {
        _allocated = 0;
        foreach (var lane in _lanes)
        {
            lane.Times.Clear();
            lane.Busy = lane.Sent = 0;
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static double Microseconds(long[] sorted, double share) => sorted[(int)((sorted.Length - 1) * share)] * 1e6 / Stopwatch.Frequency;

    private sealed class Lane(int number)
    {
        public int Number => number;

        public List<long> Times { get; } = new(RequestsInRound);

        public long Busy { get; set; }

        public long Sent { get; set; }
    }
}
