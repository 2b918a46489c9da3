namespace Orders.Sync.Projection;

/// <summary>The result of a transaction for a set of changes.</summary>
/// <param name="Changes">The changes.</param>
/// <param name="Refused">Orders in doubt: Postgres has another state, and it is unknown which is
/// later.</param>
/// <param name="Passed">Every change that was passed over.</param>
internal sealed record WrittenOrders(ChangeSet Changes, IReadOnlySet<Guid> Refused, IReadOnlyCollection<PassedChange> Passed)
{
    /// <summary>Orders that were begun and then not written.</summary>
    public IReadOnlyCollection<Guid> LeftOut { get; init; } = [];

    /// <summary>The result when every change was applied.</summary>
    public static WrittenOrders All(ChangeSet changes) => new(changes, new HashSet<Guid>(), []);
}
