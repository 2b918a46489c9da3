namespace Orders.Bench.Growth;

/// <summary>Changes, and the stores that they are applied to.</summary>
/// <param name="Stores">The stores.</param>
/// <param name="Changes">The changes.</param>
/// <param name="Name">A description in a few words.</param>
internal sealed record ChangeSide(FilledStores Stores, GrowthChanges Changes, string Name)
{
    /// <summary>The number of orders after the changes.</summary>
    public int OrdersAfter => Stores.Orders + Changes.Placed.Count - GrowthChanges.Deleted(Changes.Count);

    /// <summary>The number of paid ones.</summary>
    public int PaidAfter => (Stores.Orders / 2) + GrowthChanges.Updated(Changes.Count) - GrowthChanges.Deleted(Changes.Count);
}
