namespace Orders.Warehouse.Ledger;

/// <summary>A stored state of the orders.</summary>
/// <param name="Number">Its number; 0 for none, which has no files.</param>
/// <param name="Files">The paths of its rows' files.</param>
/// <param name="Rows">The orders in them, deleted ones too.</param>
/// <param name="Covers">The paths of the log's files whose changes are in it.</param>
internal sealed record StoredState(long Number, IReadOnlyList<string> Files, long Rows, IReadOnlyList<string> Covers)
{
    /// <summary>Before the first one.</summary>
    public static StoredState None { get; } = new(0, [], 0, []);
}
