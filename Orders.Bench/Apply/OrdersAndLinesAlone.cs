using DynamoStreams.Api;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Apply;

/// <summary>
/// For information: the rate of a batch of single statements that writes an order with its lines and nothing
/// else.
/// </summary>
internal sealed class OrdersAndLinesAlone : ApplySide
{
    private const string Upsert = """
        WITH written AS (
            INSERT INTO orders AS o (order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (order_id) DO UPDATE
               SET status = excluded.status, updated_at = excluded.updated_at, version = excluded.version
             WHERE o.version < excluded.version)
        INSERT INTO order_items (order_id, order_item_id, product_id, product_name, quantity, unit_price)
        SELECT $1, * FROM unnest($10, $11, $12, $13, $14)
        ON CONFLICT DO NOTHING
        """;

    private const string Update = "UPDATE orders SET status = $2, updated_at = $3, version = $4 WHERE order_id = $1";

    private const string Delete = """
        WITH gone AS (DELETE FROM orders WHERE order_id = $1)
        DELETE FROM order_items WHERE order_id = $1
        """;

    public override string Name => "one NpgsqlBatch of orders and lines alone";

    public override int MostChanges => 40_000;

    public override bool KeepsTotals => false;

    public override async Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        foreach (var page in pages)
        {
            await using var batch = connection.CreateBatch();
            foreach (var (what, order) in DecodedPages.Read(page))
            {
                batch.BatchCommands.Add(Command(what, order));
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(StreamEvent what, Order order) => what switch
    {
        StreamEvent.Insert => new(Upsert)
        {
            Parameters =
            {
                Of(order.OrderId), Of(order.MerchantId), Of(order.CustomerId), Of(order.Status.Name()), Of(order.Currency.Code), Of(order.Amount),
                Of(order.PlacedAt), Of(order.UpdatedAt), Of(order.Version), Column(order, line => line.OrderItemId), Column(order, line => line.ProductId),
                Column(order, line => line.ProductName), Column(order, line => line.Quantity), Column(order, line => line.UnitPrice),
            },
        },
        StreamEvent.Modify => new(Update) { Parameters = { Of(order.OrderId), Of(order.Status.Name()), Of(order.UpdatedAt), Of(order.Version) } },
        _ => new(Delete) { Parameters = { Of(order.OrderId) } },
    };

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<T[]> Column<T>(Order order, Func<OrderLine, T> value) => new() { TypedValue = [.. order.Items.Select(value)] };
}
