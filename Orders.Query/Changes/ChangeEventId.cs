namespace Orders.Query.Changes;

/// <summary>
/// A position in one database's feed. Clients have it sealed, see <see cref="ChangeIdSeal"/>.
/// </summary>
/// <param name="Feed">The feed: transaction ids mean nothing in another database.</param>
/// <param name="Position">The position in it; without an order, the one before every change of a
/// transaction.</param>
internal sealed record ChangeEventId(string Feed, ChangePosition Position);
