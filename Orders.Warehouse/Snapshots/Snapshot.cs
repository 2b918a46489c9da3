namespace Orders.Warehouse.Snapshots;

/// <summary>A snapshot that this instance runs.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Token">The right to commit to it: an older one fails.</param>
/// <param name="Reason"><c>start</c>, <c>gap</c> or <c>asked</c>.</param>
/// <param name="StartedAt">When it began, by the database's clock.</param>
internal sealed record Snapshot(long Id, long Token, string Reason, DateTimeOffset StartedAt)
{
    /// <summary>The turn to run one.</summary>
    public const string Turn = "snapshot";

    /// <summary>What its rows have in the column <c>shard</c>.</summary>
    public string Name => FormattableString.Invariant($"snapshot-{Id}");
}
