using System.Text;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Growth;

/// <summary>Both read stores, filled with a given number of orders.</summary>
internal sealed class FilledStores : IAsyncDisposable
{
    private const string SpreadSql = """
        WITH newest_first AS (SELECT order_id, row_number() OVER (ORDER BY order_id DESC) - 1 AS nth FROM orders WHERE status = $1)
        SELECT body FROM newest_first JOIN order_history USING (order_id) WHERE nth % $2 = 0 AND nth / $2 < $3
        """;

    private FilledStores(int orders, BenchDatabase database, FilledCache cache) => (Orders, Database, Cache) = (orders, database, cache);

    /// <summary>The number of orders: half of them placed, half paid.</summary>
    public int Orders { get; }

    public BenchDatabase Database { get; }

    public FilledCache Cache { get; }

    /// <param name="engines">The engines.</param>
    /// <param name="orders">The number of orders.</param>
    /// <param name="redisDatabase">The number of the Redis database to use.</param>
    /// <param name="cancellationToken">Stops the filling.</param>
    public static async Task<FilledStores> FillAsync(BenchEngines engines, int orders, int redisDatabase, CancellationToken cancellationToken)
    {
        var database = await engines.CreateDatabaseAsync(cancellationToken);
        await ReadModelFill.RunAsync(database, orders, cancellationToken);
        return new(orders, database, await FilledCache.FillAsync(engines, redisDatabase, database, cancellationToken));
    }

    /// <summary>Creates changes that are spread over all orders.</summary>
    /// <param name="count">The number of measured changes.</param>
    /// <param name="warmUp">The number of changes before them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<GrowthChanges> MakeChangesAsync(int count, int warmUp, CancellationToken cancellationToken) => new(
        count + warmUp,
        warmUp,
        await SpreadAsync("placed", GrowthChanges.Updated(count + warmUp), cancellationToken),
        await SpreadAsync("paid", GrowthChanges.Deleted(count + warmUp), cancellationToken));

    /// <summary>Ids spread over all orders: as many as requested, or all.</summary>
    public async Task<Guid[]> SpreadIdsAsync(int count, CancellationToken cancellationToken) =>
        [.. (await Database.ReadIdsAsync(cancellationToken)).Where((_, at) => (long)at * count % Orders < count)];

    public async ValueTask DisposeAsync()
    {
        Cache.Dispose();
        await Database.DisposeAsync();
    }

    // Half of all orders have each status. The sample is in random order, as changes are.
    private async Task<List<Order>> SpreadAsync(string status, int count, CancellationToken cancellationToken)
    {
        await using var command = Database.Source.CreateCommand(SpreadSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Orders / 2 / count });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var orders = new List<Order>(count);
        while (await rows.ReadAsync(cancellationToken))
        {
            orders.Add(Read(rows.GetFieldValue<byte[]>(0)));
        }

        return [.. orders.OrderBy(order => LastBits(order.OrderId))];
    }

    // An order made in SQL must equal the service's, byte for byte.
    private static Order Read(byte[] body)
    {
        var order = OrderJson.Read(body);
        return body.AsSpan().SequenceEqual(OrderJson.Render(order))
            ? order
            : throw new InvalidOperationException($"{Encoding.UTF8.GetString(body)} is not as the service renders it: {Encoding.UTF8.GetString(OrderJson.Render(order))}");
    }

    // As good as random, but the same in every run.
    private static int LastBits(Guid orderId) => BitConverter.ToInt32(orderId.ToByteArray(), 12);
}
