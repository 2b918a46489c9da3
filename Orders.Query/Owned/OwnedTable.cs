namespace Orders.Query.Owned;

/// <summary>A table whose rows belong to a merchant.</summary>
/// <param name="Name">The table.</param>
/// <param name="IdColumn">The merchant's own id.</param>
/// <param name="Thing">What a row is, for a person.</param>
internal sealed record OwnedTable(string Name, string IdColumn, string Thing)
{
    public static readonly OwnedTable Customers = new("customers", "customer_id", "customer");

    public static readonly OwnedTable Products = new("products", "product_id", "product");
}
