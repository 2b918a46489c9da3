namespace Orders.Domain;

/// <summary>
/// The words of <see cref="ChangeKind"/> in <c>order_history.change</c>, in the change feed and on the
/// channel <c>orders:changes</c>.
/// </summary>
public static class ChangeKinds
{
    /// <summary>The word of a kind.</summary>
    public static string Name(this ChangeKind kind) => kind switch
    {
        ChangeKind.Placed => "placed",
        ChangeKind.Changed => "changed",
        _ => "deleted",
    };

    /// <summary>Finds a kind by its word.</summary>
    /// <param name="word">In ASCII, as it is written.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>False for another word.</returns>
    public static bool TryFind(ReadOnlySpan<byte> word, out ChangeKind kind)
    {
        (var known, kind) = word switch
        {
            _ when word.SequenceEqual("placed"u8) => (true, ChangeKind.Placed),
            _ when word.SequenceEqual("changed"u8) => (true, ChangeKind.Changed),
            _ when word.SequenceEqual("deleted"u8) => (true, ChangeKind.Deleted),
            _ => (false, default),
        };
        return known;
    }
}
