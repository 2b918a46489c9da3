using System.Runtime.InteropServices;
using Npgsql;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>
/// The statements for the rows that orders of many shards share: products and customers. Each sorts its rows by key, so that transactions side by side
/// lock them in one order.
/// </summary>
internal static class SharedRows
{
    private const string UpsertProducts =
        """
        INSERT INTO products AS p (merchant_id, product_id, product_name, unit_price, currency, as_of)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) AS new (merchant_id, product_id, product_name, unit_price, currency, as_of)
         ORDER BY merchant_id, product_id
        ON CONFLICT (merchant_id, product_id) DO UPDATE
           SET product_name = excluded.product_name,
               unit_price   = excluded.unit_price,
               currency     = excluded.currency,
               as_of        = excluded.as_of
         WHERE p.as_of < excluded.as_of
        """;

    private const string UpdateProducts =
        """
        UPDATE products AS p
           SET product_name = new.product_name,
               unit_price   = new.unit_price,
               currency     = new.currency,
               as_of        = new.as_of
          FROM (SELECT * FROM unnest($1, $2, $3, $4, $5, $6) AS new (merchant_id, product_id, product_name, unit_price, currency, as_of)
                 ORDER BY merchant_id, product_id) AS new
         WHERE p.product_id = new.product_id AND p.merchant_id = new.merchant_id AND p.as_of < new.as_of
        """;

    // One that another transaction adds meanwhile is not seen here, and found by the conflict.
    private const string AddProducts =
        """
        INSERT INTO products AS p (merchant_id, product_id, product_name, unit_price, currency, as_of)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) AS new (merchant_id, product_id, product_name, unit_price, currency, as_of)
         WHERE NOT EXISTS (SELECT FROM products AS p WHERE p.product_id = new.product_id AND p.merchant_id = new.merchant_id OFFSET 0)
         ORDER BY merchant_id, product_id
        ON CONFLICT (merchant_id, product_id) DO UPDATE
           SET product_name = excluded.product_name,
               unit_price   = excluded.unit_price,
               currency     = excluded.currency,
               as_of        = excluded.as_of
         WHERE p.as_of < excluded.as_of
        """;

    private const string UpsertCustomers =
        """
        INSERT INTO customers AS c (merchant_id, customer_id, first_order_at, last_order_at)
        SELECT * FROM unnest($1, $2, $3, $4) AS new (merchant_id, customer_id, first_order_at, last_order_at)
         ORDER BY merchant_id, customer_id
        ON CONFLICT (merchant_id, customer_id) DO UPDATE
           SET first_order_at = least(c.first_order_at, excluded.first_order_at),
               last_order_at  = greatest(c.last_order_at, excluded.last_order_at)
         WHERE excluded.first_order_at < c.first_order_at OR excluded.last_order_at > c.last_order_at
        """;

    /// <summary>For a batch of any size.</summary>
    /// <param name="newest">The newest version of each order.</param>
    public static IEnumerable<NpgsqlBatchCommand> Commands(IReadOnlyCollection<OrderChange> newest) => Commands(newest, UpsertProducts);

    /// <summary>
    /// For a large batch: of its products nearly all are there, and a plain UPDATE of such a row costs half of what INSERT … ON CONFLICT costs, which locks it
    /// first. Needs <see cref="BulkLoad"/>'s plan settings.
    /// </summary>
    /// <param name="newest">The newest version of each order.</param>
    public static IEnumerable<NpgsqlBatchCommand> BulkCommands(IReadOnlyCollection<OrderChange> newest) => Commands(newest, UpdateProducts, AddProducts);

    private static IEnumerable<NpgsqlBatchCommand> Commands(IReadOnlyCollection<OrderChange> newest, params string[] forProducts)
    {
        var written = newest.Where(change => !change.IsDeletion).ToArray();
        var products = Products(written);
        foreach (var sql in products.Length > 0 ? forProducts : [])
        {
            yield return ProjectionCommands.Command(
                sql,
                ProjectionCommands.Column(products, product => product.MerchantId),
                ProjectionCommands.Column(products, product => product.Line.ProductId),
                ProjectionCommands.Column(products, product => product.Line.ProductName),
                ProjectionCommands.Column(products, product => product.Line.UnitPrice),
                ProjectionCommands.Column(products, product => product.Currency),
                ProjectionCommands.Column(products, product => product.AsOf));
        }

        var customers = Customers(written);
        if (customers.Length > 0)
        {
            yield return ProjectionCommands.Command(
                UpsertCustomers,
                ProjectionCommands.Column(customers, customer => customer.MerchantId),
                ProjectionCommands.Column(customers, customer => customer.CustomerId),
                ProjectionCommands.Column(customers, customer => customer.First),
                ProjectionCommands.Column(customers, customer => customer.Last));
        }
    }

    // As the newest order has it.
    private static (string MerchantId, OrderLine Line, string Currency, DateTimeOffset AsOf)[] Products(OrderChange[] written)
    {
        var products = new Dictionary<(string, string), (string, OrderLine, string, DateTimeOffset AsOf)>();
        foreach (var order in written.Select(change => change.Order))
        {
            foreach (var line in order.Items)
            {
                ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(products, (order.MerchantId, line.ProductId), out var known);
                if (!known || order.PlacedAt > newest.AsOf)
                {
                    newest = (order.MerchantId, line, order.Currency.Code, order.PlacedAt);
                }
            }
        }

        return [.. products.Values];
    }

    private static (string MerchantId, string CustomerId, DateTimeOffset First, DateTimeOffset Last)[] Customers(OrderChange[] written)
    {
        var customers = new Dictionary<(string, string), (string, string, DateTimeOffset First, DateTimeOffset Last)>();
        foreach (var order in written.Select(change => change.Order))
        {
            if (order.CustomerId is not { } customerId)
            {
                continue;
            }

            ref var customer = ref CollectionsMarshal.GetValueRefOrAddDefault(customers, (order.MerchantId, customerId), out var known);
            customer = known
                ? (order.MerchantId, customerId, order.PlacedAt < customer.First ? order.PlacedAt : customer.First, order.PlacedAt > customer.Last ? order.PlacedAt : customer.Last)
                : (order.MerchantId, customerId, order.PlacedAt, order.PlacedAt);
        }

        return [.. customers.Values];
    }
}
