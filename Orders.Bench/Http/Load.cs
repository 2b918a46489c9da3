using System.Diagnostics;

namespace Orders.Bench.Http;

/// <summary>
/// The requests of one side. Each lane sends its next request when the last one has its response. It runs in
/// short turns, so that the sides alternate; all turns of a round are measured together.
/// </summary>
internal abstract class Load : IDisposable
{
    /// <summary>The number of concurrent requests.</summary>
    protected const int Lanes = 16;

    // Capacity for a round, so that no list grows during a measurement.
    private const int RequestsInRound = 1 << 14;

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Lanes).Select(number => new Lane(number))];
    private long _allocated;

    /// <summary>Sends requests for one turn.</summary>
    /// <param name="turn">Its duration, and which part of it counts.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public async Task RunAsync(Turn turn, CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var from = Stopwatch.GetTimestamp() + Ticks(turn.LeadIn);
        var until = from + Ticks(turn.Counted);
        await Task.WhenAll(_lanes.Select(lane => Task.Run(() => RunAsync(lane, from, until, cancellationToken), cancellationToken)));
        _allocated += GC.GetTotalAllocatedBytes(precise: true) - allocated;
    }

    /// <summary>The result of all turns since the last call.</summary>
    public LoadResult Take()
    {
        var times = _lanes.SelectMany(lane => lane.Times).Order().ToArray();
        var sent = _lanes.Sum(lane => lane.Sent);
        if (times.Length == 0)
        {
            // A short turn while the machine stalled.
            Clear();
            return new LoadResult(0, 0, 0, sent);
        }

        // A lane only waits for its responses. Its own busy time is used, not the elapsed time, so that the
        // last requests of a turn count in full.
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

    /// <summary>Sends one request and waits for its response.</summary>
    /// <param name="lane">The number of the lane, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
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
