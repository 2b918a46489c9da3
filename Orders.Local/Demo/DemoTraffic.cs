using System.Diagnostics;
using Orders.Local.Cli;

namespace Orders.Local.Demo;

/// <summary>
/// Places orders at a steady rate. Some are paid, shipped and completed, some are cancelled, a few deleted;
/// most do not change.
/// </summary>
internal sealed class DemoTraffic : IDisposable
{
    // Concurrent requests. If the Api is slower than the given rate, the demonstration waits (backpressure).
    private const int AtOnce = 24;
    private const double DeletedShare = 0.02;
    private const double CancelledShare = 0.05;
    private const double CompletedShare = 0.3;
    private const string Deleted = "deleted";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LiveEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly Random _random = new();
    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly Catalogue _catalogue;
    private readonly DemoClient _client;
    private readonly int _perSecond;
    private readonly Screen _screen;

    /// <param name="api">Where Orders.Api listens.</param>
    /// <param name="perSecond">New orders a second.</param>
    /// <param name="screen">Shows the count as it grows.</param>
    public DemoTraffic(Uri api, int perSecond, Screen screen) =>
        (_catalogue, _client, _perSecond, _screen) = (new(_random), new(api, Count), perSecond, screen);

    /// <summary>The counts so far.</summary>
    public DemoCount Count { get; } = new();

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(PlaceAsync(cancellationToken), ShowAsync(cancellationToken));
        }
        finally
        {
            _screen.Line(_screen.IsLive ? "" : Count.ToString());
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _slots.Dispose();
    }

    private async Task PlaceAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick);
        var began = Stopwatch.GetTimestamp();
        for (var sent = 0.0; await timer.WaitForNextTickAsync(cancellationToken);)
        {
            var due = Stopwatch.GetElapsedTime(began).TotalSeconds * _perSecond;
            // Orders missed during an outage of the Api are not made up for in one burst.
            for (sent = Math.Max(sent, due - _perSecond); sent + 1 <= due; sent++)
            {
                await _slots.WaitAsync(cancellationToken);
                _ = LiveAsync(_catalogue.Next(), _random.NextDouble(), cancellationToken);
            }
        }
    }

    // The life of one order; the caller has taken its slot. It is not awaited: it ends by itself or with the
    // stop.
    private async Task LiveAsync(DemoOrder order, double fate, CancellationToken cancellationToken)
    {
        try
        {
            var id = await ReleasingAsync(_client.PlaceAsync(order, cancellationToken));
            foreach (var step in id is null ? [] : StepsOf(fate))
            {
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), cancellationToken);
                await _slots.WaitAsync(cancellationToken);
                var done = await ReleasingAsync(step == Deleted
                    ? _client.DeleteAsync(id!, cancellationToken)
                    : _client.MoveAsync(id!, step, cancellationToken));
                if (!done)
                {
                    return;
                }
            }
        }
        catch (Exception stop) when (stop is OperationCanceledException or ObjectDisposedException)
        {
            // The demonstration stops.
        }
    }

    private static string[] StepsOf(double fate) => fate switch
    {
        < DeletedShare => [Deleted],
        < DeletedShare + CancelledShare => ["cancelled"],
        < DeletedShare + CancelledShare + CompletedShare => ["paid", "shipped", "completed"],
        _ => [],
    };

    private async Task<T> ReleasingAsync<T>(Task<T> request)
    {
        try
        {
            return await request;
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_screen.IsLive ? LiveEvery : LineEvery);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (_screen.IsLive)
            {
                _screen.Live(Count.ToString());
            }
            else
            {
                _screen.Line(Count.ToString());
            }
        }
    }
}
