using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Growth;

/// <summary>Both read stores with so many orders, and changes to come.</summary>
internal sealed class FilledStores : IAsyncDisposable
{
    private const string SpreadSql = """
        WITH numbered AS (
            SELECT order_id, row_number() OVER (ORDER BY order_id) - 1 AS place, count(*) OVER () / $2 AS step FROM orders WHERE status = $1)
        SELECT body FROM numbered JOIN order_history USING (order_id) WHERE place % step = 0 AND place / step < $2
        """;

    private readonly List<Order> _updated;
    private readonly List<Order> _deleted;
    private readonly List<Guid> _placed;

    private FilledStores(int orders, BenchDatabase database, FilledCache cache, int changes, List<Order> updated, List<Order> deleted)
    {
        (Orders, Database, Cache, Changes, _updated, _deleted) = (orders, database, cache, changes, updated, deleted);
        (Pages, _placed) = GrowthChanges.Make(changes, updated, deleted);
    }

    /// <summary>How many orders are there.</summary>
    public int Orders { get; }

    /// <summary>How many there are after the changes.</summary>
    public int OrdersAfter => Orders + _placed.Count - _deleted.Count;

    /// <summary>How many of them are paid, after the changes.</summary>
    public int PaidAfter => (Orders / 2) + _updated.Count - _deleted.Count;

    public BenchDatabase Database { get; }

    public FilledCache Cache { get; }

    /// <summary>How many changes.</summary>
    public int Changes { get; }

    /// <summary>The changes, as raw answers of GetRecords.</summary>
    public IReadOnlyList<byte[]> Pages { get; }

    /// <param name="engines">The engines.</param>
    /// <param name="orders">How many.</param>
    /// <param name="redisDatabase">The Redis database that is taken.</param>
    /// <param name="changes">How many changes to make.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FilledStores> FillAsync(BenchEngines engines, int orders, int redisDatabase, int changes, CancellationToken cancellationToken)
    {
        var database = await engines.CreateDatabaseAsync(cancellationToken);
        await ReadModelFill.RunAsync(database, orders, cancellationToken);
        var cache = await FilledCache.FillAsync(engines, redisDatabase, database, cancellationToken);
        var updated = await SpreadAsync(database, "placed", changes / 20 * GrowthChanges.UpdatedIn20, cancellationToken);
        var deleted = await SpreadAsync(database, "paid", changes / 20 * GrowthChanges.DeletedIn20, cancellationToken);
        return new(orders, database, cache, changes, updated, deleted);
    }

    /// <summary>Orders spread over all of them, as many as are asked for or all that there are.</summary>
    public async Task<Guid[]> SpreadIdsAsync(int count, CancellationToken cancellationToken) =>
        [.. (await Database.ReadIdsAsync(cancellationToken)).Where((_, at) => at % Math.Max(1, Orders / count) == 0)];

    /// <summary>Undoes the changes in Redis. Postgres is copied for each measurement.</summary>
    public Task RestoreCacheAsync() => Cache.RestoreAsync(_placed, [.. _updated, .. _deleted]);

    public async ValueTask DisposeAsync()
    {
        Cache.Dispose();
        await Database.DisposeAsync();
    }

    // In random order, as changes come.
    private static async Task<List<Order>> SpreadAsync(BenchDatabase database, string status, int count, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(SpreadSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var orders = new List<Order>(count);
        while (await rows.ReadAsync(cancellationToken))
            orders.Add(OrderJson.Read(rows.GetFieldValue<byte[]>(0)));
        return [.. orders.OrderBy(order => OrderPlace(order.OrderId))];
    }

    // The id's last bits are as good as random, and the same in every run.
    private static int OrderPlace(Guid orderId) => BitConverter.ToInt32(orderId.ToByteArray(), 12);
}
