using System.Text;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Growth;

/// <summary>Both read stores with so many orders.</summary>
internal sealed class FilledStores : IAsyncDisposable
{
    private const string SpreadSql = """
        WITH newest_first AS (SELECT order_id, row_number() OVER (ORDER BY order_id DESC) - 1 AS nth FROM orders WHERE status = $1)
        SELECT body FROM newest_first JOIN order_history USING (order_id) WHERE nth % $2 = 0 AND nth / $2 < $3
        """;

    private FilledStores(int orders, BenchDatabase database, FilledCache cache) => (Orders, Database, Cache) = (orders, database, cache);

    /// <summary>How many orders are there: half of them placed, half paid.</summary>
    public int Orders { get; }

    public BenchDatabase Database { get; }

    public FilledCache Cache { get; }

    /// <param name="engines">The engines.</param>
    /// <param name="orders">How many.</param>
    /// <param name="redisDatabase">The Redis database that is taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FilledStores> FillAsync(BenchEngines engines, int orders, int redisDatabase, CancellationToken cancellationToken)
    {
        var database = await engines.CreateDatabaseAsync(cancellationToken);
        await ReadModelFill.RunAsync(database, orders, cancellationToken);
        return new(orders, database, await FilledCache.FillAsync(engines, redisDatabase, database, cancellationToken));
    }

    /// <summary>Makes changes to them, spread over all of them.</summary>
    /// <param name="count">How many are measured.</param>
    /// <param name="warmUp">How many come before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<GrowthChanges> MakeChangesAsync(int count, int warmUp, CancellationToken cancellationToken) => new(
        count + warmUp,
        warmUp,
        await SpreadAsync("placed", GrowthChanges.Updated(count + warmUp), cancellationToken),
        await SpreadAsync("paid", GrowthChanges.Deleted(count + warmUp), cancellationToken));

    /// <summary>Orders spread over all of them, as many as are asked for or all that there are.</summary>
    public async Task<Guid[]> SpreadIdsAsync(int count, CancellationToken cancellationToken) =>
        [.. (await Database.ReadIdsAsync(cancellationToken)).Where((_, at) => (long)at * count % Orders < count)];

    public async ValueTask DisposeAsync()
    {
        Cache.Dispose();
        await Database.DisposeAsync();
    }

    // Half of all orders have each status. In random order, as changes come.
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

    // What SQL has made must be what the service makes, to the byte.
    private static Order Read(byte[] body)
    {
        var order = OrderJson.Read(body);
        return body.AsSpan().SequenceEqual(OrderJson.Render(order))
            ? order
            : throw new InvalidOperationException($"{Encoding.UTF8.GetString(body)} is not as the service renders it: {Encoding.UTF8.GetString(OrderJson.Render(order))}");
    }

    // As good as random, and the same in every run.
    private static int LastBits(Guid orderId) => BitConverter.ToInt32(orderId.ToByteArray(), 12);
}
