using DynamoStreams.Api;
using Npgsql;
using NpgsqlTypes;
using Orders.Domain;

namespace Orders.Bench.Apply;

/// <summary>
/// The read model's rows of one change, by statements for this change alone: what a consumer that handles record by record executes. The hourly totals come from
/// the tables' triggers, as ours do.
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

    private const string LineColumnNames = "order_id, order_item_id, product_id, product_name, quantity, unit_price";
    private const string Line = $"INSERT INTO order_items ({LineColumnNames}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    private const string LineArrays = $"INSERT INTO order_items ({LineColumnNames}) SELECT $1, * FROM unnest($2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

    private const string ProductColumnNames = "merchant_id, product_id, product_name, unit_price, currency, as_of";

    private const string NewerProduct = """
        ON CONFLICT (merchant_id, product_id) DO UPDATE
           SET product_name = excluded.product_name, unit_price = excluded.unit_price, currency = excluded.currency, as_of = excluded.as_of
         WHERE p.as_of < excluded.as_of
        """;

    private const string Product = $"INSERT INTO products AS p ({ProductColumnNames}) VALUES ($1, $4, $5, $6, $2, $3) {NewerProduct}";

    private const string ProductArrays = $"""
        INSERT INTO products AS p ({ProductColumnNames})
        SELECT DISTINCT ON (product_id) $1, product_id, product_name, unit_price, $2, $3 FROM unnest($4, $5, $6) AS new (product_id, product_name, unit_price)
        {NewerProduct}
        """;

    private const string Customer = """
        INSERT INTO customers AS c (merchant_id, customer_id, first_order_at, last_order_at) VALUES ($1, $2, $3, $3)
        ON CONFLICT (merchant_id, customer_id) DO UPDATE
           SET first_order_at = least(c.first_order_at, excluded.first_order_at), last_order_at = greatest(c.last_order_at, excluded.last_order_at)
         WHERE excluded.first_order_at < c.first_order_at OR excluded.last_order_at > c.last_order_at
        """;

    private const string History = """
        INSERT INTO order_history (order_id, version, merchant_id, change, changed_at, body) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        """;

    private const string Tombstone = "INSERT INTO sync.tombstones (order_id, version, merchant_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    /// <summary>The statements of a change, that of the order's own row first when it is written.</summary>
    /// <param name="change">What happened, with its order.</param>
    /// <param name="write">How the order's own row is written.</param>
    /// <param name="eachRow">A statement for each line and another for its product, instead of arrays: two statements for all of an order's.</param>
    public static List<RowStatement> Of((StreamEvent Event, Order Order) change, OrderWrite write, bool eachRow = false)
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
                AddLines(statements, order, eachRow);
                if (order.CustomerId is not null)
                    statements.Add(Statement(Customer, Of(order.MerchantId), Of(order.CustomerId), Of(order.PlacedAt)));
            }
        }

        statements.Add(Statement(
            History, Of(order.OrderId), Of(order.Version + (change.Event == StreamEvent.Remove ? 1 : 0)), Of(order.MerchantId), Of(Name(change.Event)), Of(order.UpdatedAt),
            new NpgsqlParameter { Value = OrderJson.Render(order), NpgsqlDbType = NpgsqlDbType.Json }));
        return statements;
    }

    /// <summary>Adds them to a batch.</summary>
    public static void Add(NpgsqlBatchCommandCollection commands, (StreamEvent Event, Order Order) change, OrderWrite write, bool eachRow = false)
    {
        foreach (var statement in Of(change, write, eachRow))
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            command.Parameters.AddRange(statement.Parameters);
            commands.Add(command);
        }
    }

    // With the products, which the lines name. A further status changes neither.
    private static void AddLines(List<RowStatement> statements, Order order, bool eachRow)
    {
        if (!eachRow)
        {
            statements.Add(Statement(
                LineArrays, Of(order.OrderId), Column(order, line => line.OrderItemId), Column(order, line => line.ProductId), Column(order, line => line.ProductName),
                Column(order, line => line.Quantity), Column(order, line => line.UnitPrice)));
            statements.Add(Statement(
                ProductArrays, Of(order.MerchantId), Of(order.Currency.Code), Of(order.PlacedAt), Column(order, line => line.ProductId), Column(order, line => line.ProductName),
                Column(order, line => line.UnitPrice)));
            return;
        }

        foreach (var line in order.Items)
        {
            statements.Add(Statement(
                Line, Of(order.OrderId), Of(line.OrderItemId), Of(line.ProductId), Of(line.ProductName), Of(line.Quantity), Of(line.UnitPrice)));
            statements.Add(Statement(
                Product, Of(order.MerchantId), Of(order.Currency.Code), Of(order.PlacedAt), Of(line.ProductId), Of(line.ProductName), Of(line.UnitPrice)));
        }
    }

    private static string Name(StreamEvent what) => what switch { StreamEvent.Insert => "placed", StreamEvent.Modify => "changed", _ => "deleted" };

    private static RowStatement Statement(string sql, params NpgsqlParameter[] parameters) => new(sql, parameters);

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<T[]> Column<T>(Order order, Func<OrderLine, T> value) => new() { TypedValue = [.. order.Items.Select(value)] };
}
