using System.Numerics;

namespace Orders.Tests.Simulation.Audit;

/// <summary>
/// Every change of the table is told in the history once, and those of an order in the order in which they
/// happened.
/// </summary>
internal sealed class HistoryAudit(Auditor auditor)
{
    private readonly Dictionary<Guid, int> _told = [];

    /// <summary>How many changes of an order were told.</summary>
    public int Told(Guid orderId) => _told.GetValueOrDefault(orderId);

    public void Told(Guid orderId, BigInteger sequence)
    {
        var next = Told(orderId) + 1;
        var entries = auditor.Table.Of(orderId);
        if (next >= entries.Count || entries[next].Sequence != sequence)
        {
            auditor.Break("each change is told once, and in order", $"{sequence} of {orderId} is told as number {next}");
        }

        _told[orderId] = next;
    }

    /// <summary>
    /// Since when changes wait to be told that were made in the table; null when none does.
    /// </summary>
    public TimeSpan? WaitsSince() => auditor.Table.Orders.Where(orderId => Told(orderId) < auditor.Table.Changes(orderId))
        .Select(orderId => (TimeSpan?)auditor.Table.Of(orderId)[Told(orderId) + 1].At).Min();

    public void CheckAtRest()
    {
        foreach (var orderId in auditor.Table.Orders.Where(orderId => Told(orderId) != auditor.Table.Changes(orderId)))
        {
            auditor.Break("each change is told", $"{Told(orderId)} of {auditor.Table.Changes(orderId)} of {orderId}");
        }
    }
}
