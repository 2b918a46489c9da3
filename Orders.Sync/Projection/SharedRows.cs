using System.Runtime.InteropServices;
using Npgsql;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>
/// The rows that orders of many shards share: products and customers. Each statement sorts its rows by key,
/// so that concurrent transactions lock them in the same order (no deadlocks).
/// </summary>
internal sealed class SharedRows
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

    private readonly (string MerchantId, OrderLine Line, string Currency, DateTimeOffset AsOf)[] _products;
    private readonly (string MerchantId, string CustomerId, DateTimeOffset First, DateTimeOffset Last)[] _customers;

    /// <summary>Collects them.</summary>
    /// <param name="newest">The newest version of each order.</param>
    public SharedRows(IEnumerable<OrderChange> newest)
    {
        var written = newest.Where(change => !change.IsDeletion).ToArray();
        (_products, _customers) = (Products(written), Customers(written));
    }

    /// <summary>The statements.</summary>
    public IEnumerable<NpgsqlBatchCommand> Commands()
    {
        if (_products.Length > 0)
        {
            yield return ProjectionCommands.Command(
                UpsertProducts,
                ProjectionCommands.Column(_products, product => product.MerchantId),
                ProjectionCommands.Column(_products, product => product.Line.ProductId),
                ProjectionCommands.Column(_products, product => product.Line.ProductName),
                ProjectionCommands.Column(_products, product => product.Line.UnitPrice),
                ProjectionCommands.Column(_products, product => product.Currency),
                ProjectionCommands.Column(_products, product => product.AsOf));
        }

        if (_customers.Length > 0)
        {
            yield return ProjectionCommands.Command(
                UpsertCustomers,
                ProjectionCommands.Column(_customers, customer => customer.MerchantId),
                ProjectionCommands.Column(_customers, customer => customer.CustomerId),
                ProjectionCommands.Column(_customers, customer => customer.First),
                ProjectionCommands.Column(_customers, customer => customer.Last));
        }
    }

    // The name in the newest order.
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
