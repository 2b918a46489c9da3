namespace Orders.Warehouse.Tables;

/// <summary>A change of a row, or of a table (<see cref="TableChange.Truncate"/>).</summary>
/// <param name="Log">Its log.</param>
/// <param name="Schema">The columns of its values.</param>
/// <param name="Change">A word of <see cref="TableChange"/>.</param>
/// <param name="Key">The primary key, JSON; null of a truncate.</param>
/// <param name="Place">Where it is in the log of Postgres.</param>
/// <param name="CommittedAt">When its transaction was committed, by the server's clock; of a snapshot when
/// it was read.</param>
/// <param name="Xid">Its transaction; null of a snapshot.</param>
/// <param name="Values">The values as text: of a deletion the last ones; empty of a truncate.</param>
internal sealed record TableRow(
    string Log, TableSchema Schema, string Change, string? Key, Place Place, DateTime CommittedAt, long? Xid, string?[] Values)
{
    // Told by reference: any text may be a value.
    private static readonly string Marker = new('?', 1);

    /// <summary>Stands for a value that the stream does not have: a large one that did not change, or one of
    /// a deletion of which only the key is known.</summary>
    public static string Unchanged => Marker;

    /// <summary>The text of the row, if it is known already; null to make it of the values.</summary>
    public string? Text { get; init; }

    /// <summary>The UTC day, by which files are parted.</summary>
    public DateOnly Day => DateOnly.FromDateTime(CommittedAt);

    /// <summary>Whether a value is missing.</summary>
    public bool IsPartial => Array.Exists(Values, IsUnchanged);

    /// <summary>Whether a value is <see cref="Unchanged"/>.</summary>
    public static bool IsUnchanged(string? value) => ReferenceEquals(value, Marker);
}
