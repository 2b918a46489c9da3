using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;
using Orders.Domain.Cache;
using StackExchange.Redis;
using Order = Orders.Domain.Order;

namespace Orders.Bench.Growth;

/// <summary>A Redis database with every order of a read model.</summary>
internal sealed class FilledCache : IDisposable
{
    private const int Sent = 2_000;
    private readonly ConnectionMultiplexer _connection;
    private CacheIdentity _identity;

    private FilledCache(BenchEngines engines, int number)
    {
        Number = number;
        Configuration = $"{engines.Redis},defaultDatabase={number},allowAdmin=true,syncTimeout=60000";
        _connection = ConnectionMultiplexer.Connect(Configuration);
    }

    public int Number { get; }

    /// <summary>A configuration for StackExchange.Redis.</summary>
    public string Configuration { get; }

    public IDatabase Database => _connection.GetDatabase();

    private CacheKeys Keys => new(_identity.Scope);

    /// <param name="engines">The engines.</param>
    /// <param name="number">The number of the Redis database.</param>
    /// <param name="orders">The read model with the orders.</param>
    /// <param name="cancellationToken">Stops the filling.</param>
    public static async Task<FilledCache> FillAsync(BenchEngines engines, int number, BenchDatabase orders, CancellationToken cancellationToken)
    {
        var cache = new FilledCache(engines, number);
        await cache.Database.ExecuteAsync("FLUSHDB");
        cache._identity = await cache.Database.BelongsToAsync(orders.Source);
        await using var connection = await orders.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT order_id, version, merchant_id, body FROM order_history", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var sent = new List<Task>(Sent);
        while (await rows.ReadAsync(cancellationToken))
        {
            sent.Add(cache.SetAsync(rows.GetGuid(0), rows.GetInt64(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3)));
            if (sent.Count == Sent)
            {
                await FinishAsync(sent);
            }
        }

        await FinishAsync(sent);
        return cache;
    }

    /// <summary>Undoes changes.</summary>
    /// <param name="placed">New orders.</param>
    /// <param name="before">Changed and deleted orders in their earlier state.</param>
    public async Task RestoreAsync(IReadOnlyCollection<Guid> placed, IReadOnlyCollection<Order> before)
    {
        await Database.KeyDeleteAsync([.. placed.Select(orderId => (RedisKey)Keys.Order(orderId))]);
        await Task.WhenAll(before.Select(order => SetAsync(order.OrderId, order.Version, order.MerchantId, OrderJson.Render(order))));
    }

    public void Dispose() => _connection.Dispose();

    private static async Task FinishAsync(List<Task> sent)
    {
        await Task.WhenAll(sent);
        sent.Clear();
    }

    private Task SetAsync(Guid orderId, long version, string merchantId, byte[] body) => Database.HashSetAsync(Keys.Order(orderId), _identity.Entry(version, merchantId, body));
}
