namespace Orders.Warehouse.Analytics;

/// <summary>A ready question.</summary>
/// <param name="Id">Its name in the address.</param>
/// <param name="Title">What it asks, for people.</param>
/// <param name="Sql">Its SQL for a caller who may see all merchants, or some.</param>
/// <param name="Needs">A table that SQL owns, without which it cannot be answered; null for none.</param>
internal sealed record Question(string Id, string Title, Func<string?, string> Sql, string? Needs = null)
{
    /// <summary>The SQL.</summary>
    /// <param name="merchants">The merchants whose orders count; null for all.</param>
    public string SqlFor(IEnumerable<string>? merchants) =>
        Sql(merchants is null ? null : $"merchant_id IN ({string.Join(", ", merchants.Order(StringComparer.Ordinal).Select(merchant => $"'{merchant.Replace("'", "''", StringComparison.Ordinal)}'"))})");
}
