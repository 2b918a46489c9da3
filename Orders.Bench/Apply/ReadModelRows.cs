using Orders.Bench.Stores;

namespace Orders.Bench.Apply;

/// <summary>
/// The rows that all sides must end with. Columns that depend on the clock, or on which changes were applied
/// together, are left out.
/// </summary>
internal static class ReadModelRows
{
    public const string Orders = "orders";

    // Without customers and products: if an order is placed and deleted in one batch, our side never stores
    // them.
    private static readonly (string Name, string Rows)[] Tables =
    [
        (Orders, "(SELECT order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version FROM orders)"),
        ("order_items", "order_items"),
        ("order_history", "(SELECT order_id, version, merchant_id, change, changed_at, body::text FROM order_history)"),
        ("tombstones", "(SELECT order_id, version, merchant_id FROM sync.tombstones)"),
        ("hourly_totals", "(SELECT * FROM hourly_totals WHERE orders <> 0)"),
    ];

    /// <summary>Reads the digest of each table.</summary>
    public static async Task<Dictionary<string, (long Rows, string Digest)>> ReadAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var digests = new Dictionary<string, (long, string)>(StringComparer.Ordinal);
        foreach (var (name, rows) in Tables)
        {
            digests[name] = await database.DigestAsync(rows, cancellationToken);
        }

        return digests;
    }
}
