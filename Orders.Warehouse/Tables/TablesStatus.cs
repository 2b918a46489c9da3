using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Warehouse.Tables;

/// <summary>How the tables that SQL owns are read.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Exists">Whether there is the slot.</param>
/// <param name="Active">Whether a connection reads it.</param>
/// <param name="WalStatus">What Postgres says of the log that it needs: <c>reserved</c>, <c>extended</c>,
/// <c>unreserved</c>, <c>lost</c>; null for no slot.</param>
/// <param name="Invalidation">Why it is invalid; null when it is valid.</param>
/// <param name="BytesBehind">The log that Postgres keeps for it; null for no slot.</param>
/// <param name="BytesLeft">How much more may be written before it becomes invalid; null for no
/// limit.</param>
/// <param name="SecondsBehind">Since when not everything that was committed is stored; null when it never
/// was.</param>
/// <param name="LastChangeAt">The commit time of the last change that is stored.</param>
/// <param name="Holder">The instance that reads it; null for none.</param>
/// <param name="Problem">Why it is not read; null when it is.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Gaps">Times that it had lost changes, and how many of them are not healed.</param>
internal sealed record TablesStatus(
    string Slot, bool Exists, bool Active, string? WalStatus, string? Invalidation, long? BytesBehind, long? BytesLeft, double? SecondsBehind,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? LastChangeAt, string? Holder, string? Problem,
    IReadOnlyList<TablesStatus.Table> Tables, TablesStatus.GapCount Gaps)
{
    /// <summary>A table.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="State">How it is.</param>
    /// <param name="Reason">Why it is refused; null when it is not.</param>
    /// <param name="Changes">Changes that were written.</param>
    /// <param name="LastChangeAt">The commit time of the last one.</param>
    internal sealed record Table(
        string Name, [property: JsonConverter(typeof(JsonStringEnumConverter<TableState>))] TableState State, string? Reason, long Changes,
        [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? LastChangeAt);

    /// <summary>Gaps.</summary>
    /// <param name="All">How many there ever were.</param>
    /// <param name="Open">How many are not healed.</param>
    /// <param name="LastReason">Why the last one was; null for none.</param>
    /// <param name="LastAt">When it was found.</param>
    internal sealed record GapCount(long All, long Open, string? LastReason, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? LastAt);
}
