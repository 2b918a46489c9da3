using Microsoft.Extensions.DependencyInjection;
using Orders.Bench.Http;
using Orders.Bench.Stores;
using Orders.Query;
using Orders.Query.Cache;

namespace Orders.Bench.Growth;

/// <summary>Reads orders of filled stores through Orders.Query, from Redis or from Postgres.</summary>
internal sealed class ReadCosts : IAsyncDisposable
{
    /// <summary>The same number at each size: what is compared is how many others there are.</summary>
    public const int DifferentOrders = 4_000;

    // Few sessions, so that each soon has met every page that is read: a session's first use of a page costs
    // more than all later ones.
    private const int Sessions = 4;
    private const int ReadsOfEachBefore = 6;
    private static readonly TimeSpan TrustPause = TimeSpan.FromMilliseconds(50);

    private static readonly Turn WarmUp = new(LeadIn: TimeSpan.FromMilliseconds(100), TimeSpan.Zero);

    private readonly BenchServer _server;
    private readonly LoadClient _load;
    private TimeSpan _cost;

    private ReadCosts(FilledStores stores, BenchServer server, LoadClient load) => (Stores, _server, _load) = (stores, server, load);

    public FilledStores Stores { get; }

    /// <param name="engines">The engines.</param>
    /// <param name="stores">What is read.</param>
    /// <param name="fromRedis">Or from Postgres.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ReadCosts> StartAsync(BenchEngines engines, FilledStores stores, bool fromRedis, CancellationToken cancellationToken)
    {
        var addresses = engines.Addresses with { Postgres = $"{stores.Database.ConnectionString};Maximum Pool Size={Sessions}", Redis = fromRedis ? stores.Cache.Configuration : null };
        var server = BenchServer.OfService(QueryHost.Build, addresses);
        await server.StartAsync(cancellationToken);
        while (fromRedis && !server.App.Services.GetRequiredService<CacheTrust>().IsTrusted)
        {
            await Task.Delay(TrustPause, cancellationToken);
        }

        var orderIds = await stores.SpreadIdsAsync(DifferentOrders, cancellationToken);
        var requests = orderIds.Select(id => Requests.Get($"/v1/orders/{id}")).ToArray();
        await ReadAllAsync(server.Address, requests, cancellationToken);
        return new(stores, server, await LoadClient.ConnectAsync(server.Address, Requests.AnyOf(requests), "200", cancellationToken));
    }

    /// <summary>Reads for a while.</summary>
    public async Task RunAsync(Turn turn, CancellationToken cancellationToken) =>
        _cost += await ProcessorTime.OfAsync(Stores.Database, Stores.Cache.Database, () => _load.RunAsync(turn, cancellationToken), cancellationToken);

    /// <summary>What all turns since the last call cost.</summary>
    /// <returns>Microseconds of processor time a read, that of the client included.</returns>
    public double Take()
    {
        var cost = _cost.TotalMicroseconds / _load.Take().Requests;
        _cost = TimeSpan.Zero;
        return cost;
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await _server.DisposeAsync();
    }

    // First reads of a page cost more than all others, and there are the more of them, the more orders there
    // are.
    private static async Task ReadAllAsync(Uri server, byte[][] requests, CancellationToken cancellationToken)
    {
        var next = -1;
        using var load = await LoadClient.ConnectAsync(server, () => requests[Interlocked.Increment(ref next) % requests.Length], "200", cancellationToken);
        while (next < requests.Length * ReadsOfEachBefore)
        {
            await load.RunAsync(WarmUp, cancellationToken);
        }
    }
}
