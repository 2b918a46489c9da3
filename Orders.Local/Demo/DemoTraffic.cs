using System.Diagnostics;
using Orders.Local.Cli;

namespace Orders.Local.Demo;

/// <summary>Places orders at a steady rate and lets each go its way: paid, shipped, completed; some are cancelled, a few deleted.</summary>
internal sealed class DemoTraffic : IDisposable
{
    private const int AtOnce = 64;
    private const double CancelledShare = 0.05;
    private const double DeletedShare = 0.02;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LiveEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly Random _random = new();
    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly DemoCount _count = new();
    private readonly Catalogue _catalogue;
    private readonly DemoClient _client;
    private readonly int _perSecond;

    private DemoTraffic(Uri api, int perSecond) =>
        (_catalogue, _client, _perSecond) = (new(_random), new(api, _count), perSecond);

    /// <summary>Goes on until it is cancelled.</summary>
    /// <param name="api">Where Orders.Api listens.</param>
    /// <param name="perSecond">New orders a second.</param>
    /// <param name="screen">Shows the count as it grows.</param>
    /// <param name="cancellationToken">The stop.</param>
    public static async Task RunAsync(Uri api, int perSecond, Screen screen, CancellationToken cancellationToken)
    {
        using var traffic = new DemoTraffic(api, perSecond);
        try
        {
            await Task.WhenAll(traffic.PlaceAsync(cancellationToken), traffic.ShowAsync(screen, cancellationToken));
        }
        finally
        {
            screen.Line(screen.IsLive ? "" : traffic._count.ToString());
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
            // What an Api that was away for a while has missed is not made up for in one burst.
            for (sent = Math.Max(sent, due - _perSecond); sent + 1 <= due; sent++)
            {
                await _slots.WaitAsync(cancellationToken);
                _ = LiveAsync(_catalogue.Next(), _random.NextDouble(), cancellationToken);
            }
        }
    }

    // One order's life. Nobody awaits it: it ends by itself or with the stop.
    private async Task LiveAsync(DemoOrder order, double fate, CancellationToken cancellationToken)
    {
        try
        {
            string? id;
            try
            {
                id = await _client.PlaceAsync(order, cancellationToken);
            }
            finally
            {
                _slots.Release();
            }

            if (id is null)
                return;
            await PauseAsync(cancellationToken);
            if (fate < DeletedShare)
                await _client.DeleteAsync(id, cancellationToken);
            else if (fate < DeletedShare + CancelledShare)
                await _client.MoveAsync(id, "cancelled", cancellationToken);
            else
                await GoOnAsync(id, cancellationToken);
        }
        catch (Exception stop) when (stop is OperationCanceledException or ObjectDisposedException)
        {
            // The demonstration is over.
        }
    }

    private async Task GoOnAsync(string id, CancellationToken cancellationToken)
    {
        foreach (var status in new[] { "paid", "shipped", "completed" })
        {
            if (!await _client.MoveAsync(id, status, cancellationToken))
                return;
            await PauseAsync(cancellationToken);
        }
    }

    private static Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(LongestPause * Random.Shared.NextDouble(), cancellationToken);

    private async Task ShowAsync(Screen screen, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(screen.IsLive ? LiveEvery : LineEvery);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (screen.IsLive)
                screen.Live(_count.ToString());
            else
                screen.Line(_count.ToString());
        }
    }
}
