namespace Orders.Bench.Growth;

/// <summary>Changes, and what they come beside.</summary>
/// <param name="Stores">The stores.</param>
/// <param name="Changes">The changes.</param>
/// <param name="Name">What it is, in a few words.</param>
internal sealed record ChangeSide(FilledStores Stores, GrowthChanges Changes, string Name)
{
    /// <summary>How many orders there are after the changes.</summary>
    public int OrdersAfter => Stores.Orders + Changes.Placed.Count - GrowthChanges.Deleted(Changes.Count);

    /// <summary>How many of them are paid.</summary>
    public int PaidAfter => (Stores.Orders / 2) + GrowthChanges.Updated(Changes.Count) - GrowthChanges.Deleted(Changes.Count);
}
