namespace Orders.Bench.Soak;

/// <summary>An order as a store has it, in words that every store can say.</summary>
/// <param name="Merchant">Its merchant.</param>
/// <param name="Status">Its status.</param>
/// <param name="Amount">Its amount.</param>
/// <param name="Version">Its version.</param>
internal readonly record struct StoredOrder(string Merchant, string Status, decimal Amount, long Version);
