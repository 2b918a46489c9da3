using DynamoStreams.Api;
using Npgsql;
using NpgsqlTypes;
using Orders.Domain;

namespace Orders.Bench.Apply;

/// <summary>
/// The rows of the read model for one change, with one statement per table, as a consumer that processes
/// single records would write them. The hourly totals come from the tables' triggers, as on our side. Lines
/// and products are arrays: one statement for all of an order.
/// </summary>
internal static class RowStatements
{
    private const string OrderColumnNames = "order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version";
    private const string Insert = $"INSERT INTO orders ({OrderColumnNames}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    private const string Upsert = $"""
        INSERT INTO orders AS o ({OrderColumnNames}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (order_id) DO UPDATE
           SET status = excluded.status, updated_at = excluded.updated_at, version = excluded.version
         WHERE o.version < excluded.version
        """;

    private const string Update = """
        UPDATE orders
           SET merchant_id = $2, customer_id = $3, status = $4, currency = $5, amount = $6, placed_at = $7, updated_at = $8, version = $9
         WHERE order_id = $1
        """;

    private const string Lines = """
        INSERT INTO order_items (order_id, order_item_id, product_id, product_name, quantity, unit_price)
        SELECT $1, * FROM unnest($2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        """;

    private const string Products = """
        INSERT INTO products AS p (merchant_id, product_id, product_name, unit_price, currency, as_of)
        SELECT DISTINCT ON (product_id) $1, product_id, product_name, unit_price, $2, $3 FROM unnest($4, $5, $6) AS new (product_id, product_name, unit_price)
        ON CONFLICT (merchant_id, product_id) DO UPDATE
           SET product_name = excluded.product_name, unit_price = excluded.unit_price, currency = excluded.currency, as_of = excluded.as_of
         WHERE p.as_of < excluded.as_of
        """;

    private const string Customer = """
        INSERT INTO customers AS c (merchant_id, customer_id, first_order_at, last_order_at) VALUES ($1, $2, $3, $3)
        ON CONFLICT (merchant_id, customer_id) DO UPDATE
           SET first_order_at = least(c.first_order_at, excluded.first_order_at), last_order_at = greatest(c.last_order_at, excluded.last_order_at)
         WHERE excluded.first_order_at < c.first_order_at OR excluded.last_order_at > c.last_order_at
        """;

    private const string History = """
        INSERT INTO order_history (order_id, revision, version, merchant_id, change, changed_at, body) VALUES ($1, $2, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        """;

    private const string Tombstone = "INSERT INTO sync.tombstones (order_id, version, merchant_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    /// <summary>
    /// The statements of a change. If the order's own row is written, its statement comes first.
    /// </summary>
    /// <param name="change">The event, with its order.</param>
    /// <param name="write">How the order's own row is written.</param>
    public static List<RowStatement> Of((StreamEvent Event, Order Order) change, OrderWrite write)
    {
        var statements = new List<RowStatement>();
        var order = change.Order;
        if (change.Event == StreamEvent.Remove)
        {
            statements.Add(Statement(Tombstone, Of(order.OrderId), Of(order.Version + 1), Of(order.MerchantId)));
            statements.Add(Statement("DELETE FROM orders WHERE order_id = $1", Of(order.OrderId)));
            statements.Add(Statement("DELETE FROM order_items WHERE order_id = $1", Of(order.OrderId)));
        }
        else
        {
            statements.Add(Statement(
                write switch { OrderWrite.Insert => Insert, OrderWrite.Update => Update, _ => Upsert },
                Of(order.OrderId), Of(order.MerchantId), Of(order.CustomerId), Of(order.Status.Name()), Of(order.Currency.Code), Of(order.Amount),
                Of(order.PlacedAt), Of(order.UpdatedAt), Of(order.Version)));
            if (change.Event == StreamEvent.Insert)
            {
                AddParts(statements, order);
            }
        }

        statements.Add(Statement(
            History, Of(order.OrderId), Of(order.Version + (change.Event == StreamEvent.Remove ? 1 : 0)), Of(order.MerchantId), Of(Name(change.Event)), Of(order.UpdatedAt),
            new NpgsqlParameter { Value = OrderJson.Render(order), NpgsqlDbType = NpgsqlDbType.Json }));
        return statements;
    }

    /// <summary>Adds the statements to a batch.</summary>
    public static void Add(NpgsqlBatchCommandCollection commands, (StreamEvent Event, Order Order) change, OrderWrite write)
    {
        foreach (var statement in Of(change, write))
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            command.Parameters.AddRange(statement.Parameters);
            commands.Add(command);
        }
    }

    // The parts that a later status does not change.
    private static void AddParts(List<RowStatement> statements, Order order)
    {
        statements.Add(Statement(
            Lines, Of(order.OrderId), Column(order, line => line.OrderItemId), Column(order, line => line.ProductId), Column(order, line => line.ProductName),
            Column(order, line => line.Quantity), Column(order, line => line.UnitPrice)));
        statements.Add(Statement(
            Products, Of(order.MerchantId), Of(order.Currency.Code), Of(order.PlacedAt), Column(order, line => line.ProductId), Column(order, line => line.ProductName),
            Column(order, line => line.UnitPrice)));
        if (order.CustomerId is not null)
        {
            statements.Add(Statement(Customer, Of(order.MerchantId), Of(order.CustomerId), Of(order.PlacedAt)));
        }
    }

    private static string Name(StreamEvent what) => what switch { StreamEvent.Insert => "placed", StreamEvent.Modify => "changed", _ => "deleted" };

    private static RowStatement Statement(string sql, params NpgsqlParameter[] parameters) => new(sql, parameters);

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<T[]> Column<T>(Order order, Func<OrderLine, T> value) => new() { TypedValue = [.. order.Items.Select(value)] };
}
