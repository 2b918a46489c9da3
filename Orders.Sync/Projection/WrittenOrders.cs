namespace Orders.Sync.Projection;

/// <summary>What a transaction has made of a set of changes.</summary>
/// <param name="Changes">The changes.</param>
/// <param name="Refused">Orders of which Postgres has another state, so that nobody can tell which of the
/// two is later.</param>
/// <param name="Passed">Every change that was passed over.</param>
internal sealed record WrittenOrders(ChangeSet Changes, IReadOnlySet<Guid> Refused, IReadOnlyCollection<PassedChange> Passed)
{
    /// <summary>Orders that writing was begun for, and that were then left out.</summary>
    public IReadOnlyCollection<Guid> LeftOut { get; init; } = [];

    /// <summary>What nothing was refused of.</summary>
    public static WrittenOrders All(ChangeSet changes) => new(changes, new HashSet<Guid>(), []);
}
