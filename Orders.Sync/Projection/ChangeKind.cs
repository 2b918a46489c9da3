namespace Orders.Sync.Projection;

/// <summary>What happened to an order.</summary>
internal enum ChangeKind
{
    Placed,
    Changed,
    Deleted,
}
