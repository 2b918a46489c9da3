using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Consuming;

/// <summary>
/// What this instance knows of a shard that it holds: the range that was noted and is not live yet, and the
/// records that wait for the rest of it.
/// </summary>
internal sealed class ShardRange
{
    /// <summary>The files of the range that is noted and not live; null before the ledger was
    /// asked.</summary>
    public IReadOnlyList<NotedFile>? Noted { get; set; }

    /// <summary>Records of a noted range whose last is not read yet. They are not checkpointed: after a
    /// crash they are read again.</summary>
    public IReadOnlyList<LogEntry> Held { get; set; } = [];

    /// <summary>The last place that is committed; a batch that is tried again may begin before it.</summary>
    public string? CommittedTo { get; set; }

    /// <summary>The records that are not committed: those that are held, then a batch's.</summary>
    public List<LogEntry> Pending(IReadOnlyList<LogEntry> batch)
    {
        var all = new List<LogEntry>(Held.Count + batch.Count);
        all.AddRange(Held);
        all.AddRange(batch);
        if (CommittedTo is { } last && all.FindLastIndex(entry => entry.Place == last) is >= 0 and var at)
        {
            all.RemoveRange(0, at + 1);
        }

        return all;
    }

    /// <summary>
    /// How many of the pending records belong to the noted range. Null when its last is still to be read.
    /// </summary>
    /// <param name="pending">The records.</param>
    /// <param name="endsShard">Whether no more will be read.</param>
    public int? Cut(List<LogEntry> pending, bool endsShard)
    {
        var (first, last) = (Noted![0].First, Noted[0].Last);
        if (pending.FindLastIndex(entry => entry.Place == last) is >= 0 and var at)
        {
            return at + 1;
        }

        // As long as the range begins as it was noted, its last is still to come.
        var isTrimmed = pending.Count > 0 && pending[0].Place != first;
        return endsShard || (isTrimmed && IsAfter(pending[0].Place, last)) ? pending.TakeWhile(entry => !IsAfter(entry.Place, last)).Count() : null;
    }

    /// <summary>
    /// Whether the beginning of the noted range is lost from the stream: then a file of it that is in the
    /// lake holds more than can be written again.
    /// </summary>
    public bool IsTrimmed(List<LogEntry> range) => range.Count == 0 || range[0].Place != Noted![0].First || range[^1].Place != Noted[0].Last;

    private static bool IsAfter(string place, string other) => string.CompareOrdinal(OrderRowReader.Pad(place), OrderRowReader.Pad(other)) > 0;
}
