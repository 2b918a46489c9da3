using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orders.Bench.Http;
using Orders.Bench.Read;
using Orders.Bench.Stores;
using Orders.Query;

namespace Orders.Bench.Growth;

/// <summary>Reads orders of filled stores through Orders.Query, from Redis or from Postgres.</summary>
internal sealed class ReadCosts : IAsyncDisposable
{
    private const int DifferentOrders = 20_000;
    private static readonly TimeSpan TrustPause = TimeSpan.FromMilliseconds(50);

    private readonly BenchServer _server;
    private readonly ReadSide _side;

    private ReadCosts(FilledStores stores, BenchServer server, ReadSide side) => (Stores, _server, _side) = (stores, server, side);

    public FilledStores Stores { get; }

    /// <param name="engines">The engines.</param>
    /// <param name="stores">What is read.</param>
    /// <param name="fromRedis">Or from Postgres.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ReadCosts> StartAsync(BenchEngines engines, FilledStores stores, bool fromRedis, CancellationToken cancellationToken)
    {
        var addresses = engines.Addresses with { Postgres = stores.Database.ConnectionString, Redis = fromRedis ? stores.Cache.Configuration : null };
        var server = BenchServer.OfService(QueryHost.Build, addresses);
        await server.StartAsync(cancellationToken);
        while (fromRedis && !server.App.Services.GetRequiredService<CacheTrust>().IsTrusted)
            await Task.Delay(TrustPause, cancellationToken);
        var orderIds = await stores.SpreadIdsAsync(DifferentOrders, cancellationToken);
        return new(stores, server, new(fromRedis ? "Redis" : "Postgres", server.Address, [.. orderIds.Select(id => Requests.Get($"/v1/orders/{id}"))]));
    }

    /// <returns>Microseconds of processor time a read, that of the client included.</returns>
    public async Task<double> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var reads = 0.0;
        var cost = await ProcessorTime.OfAsync(Stores.Database, Stores.Cache.Database, ReadAsync, cancellationToken);
        return cost.TotalMicroseconds / reads;

        async Task ReadAsync()
        {
            var began = Stopwatch.GetTimestamp();
            var load = await LoadClient.RunAsync(_side.Server, _side.Next, "200", duration, cancellationToken);
            reads = load.Rate * Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
