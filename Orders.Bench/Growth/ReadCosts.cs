using Microsoft.Extensions.DependencyInjection;
using Orders.Bench.Http;
using Orders.Bench.Stores;
using Orders.Query;
using Orders.Query.Cache;

namespace Orders.Bench.Growth;

/// <summary>Reads orders from filled stores through Orders.Query, from Redis or from Postgres.</summary>
internal sealed class ReadCosts : IAsyncDisposable
{
    /// <summary>The same number for every size: only the number of other orders differs.</summary>
    public const int DifferentOrders = 4_000;

    // Few sessions, so that each has soon read every page: the first use of a page in a session costs more
    // than later ones.
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
    /// <param name="stores">The stores to read.</param>
    /// <param name="fromRedis">Whether to read from Redis; otherwise from Postgres.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
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

    /// <summary>Reads for one turn.</summary>
    public async Task RunAsync(Turn turn, CancellationToken cancellationToken) =>
        _cost += await ProcessorTime.OfAsync(Stores.Database, Stores.Cache.Database, () => _load.RunAsync(turn, cancellationToken), cancellationToken);

    /// <summary>The cost of all turns since the last call.</summary>
    /// <returns>Microseconds of processor time per read, including the client's.</returns>
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

    // The first reads of a page cost more than later ones, and with more orders there are more pages.
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
