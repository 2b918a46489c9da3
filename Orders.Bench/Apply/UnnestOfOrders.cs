using DynamoStreams.Api;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Apply;

/// <summary>
/// One upsert per batch of only the orders' own rows: no lines, history, totals, checkpoint or Redis.
/// </summary>
internal sealed class UnnestOfOrders : ApplySide
{
    private const int PagesInBatch = 5;

    private const string Upsert = """
        INSERT INTO orders AS o (order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (order_id) DO UPDATE
           SET merchant_id = excluded.merchant_id, customer_id = excluded.customer_id, status = excluded.status, currency = excluded.currency,
               amount = excluded.amount, placed_at = excluded.placed_at, updated_at = excluded.updated_at, version = excluded.version
         WHERE o.version < excluded.version
        """;

    public override string Name => "an unnest upsert of orders alone";

    public override int MostChanges => 40_000;

    public override bool KeepsTotals => false;

    public override async Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        foreach (var some in pages.Chunk(PagesInBatch))
        {
            var newest = new Dictionary<Guid, (StreamEvent Event, Order Order)>();
            foreach (var change in some.SelectMany(DecodedPages.Read))
            {
                newest[change.Order.OrderId] = change;
            }

            await using var batch = connection.CreateBatch();
            batch.BatchCommands.Add(new("DELETE FROM orders WHERE order_id = ANY ($1)")
            {
                Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. newest.Where(entry => entry.Value.Event == StreamEvent.Remove).Select(entry => entry.Key)] } },
            });
            batch.BatchCommands.Add(Command([.. newest.Values.Where(change => change.Event != StreamEvent.Remove).Select(change => change.Order)]));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(Order[] orders) => new(Upsert)
    {
        Parameters =
        {
            Column(orders, order => order.OrderId),
            Column(orders, order => order.MerchantId),
            Column(orders, order => order.CustomerId),
            Column(orders, order => order.Status.Name()),
            Column(orders, order => order.Currency.Code),
            Column(orders, order => order.Amount),
            Column(orders, order => order.PlacedAt),
            Column(orders, order => order.UpdatedAt),
            Column(orders, order => order.Version),
        },
    };

    private static NpgsqlParameter<T[]> Column<T>(Order[] orders, Func<Order, T> value) => new() { TypedValue = Array.ConvertAll(orders, order => value(order)) };
}
