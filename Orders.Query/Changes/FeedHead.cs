using System.Runtime.InteropServices;

namespace Orders.Query.Changes;

/// <summary>How far a database has come.</summary>
/// <param name="Feed">Which feed it has.</param>
/// <param name="Horizon">The oldest transaction that is still open, or the next one: older ones can get no
/// more rows.</param>
/// <param name="Next">The next transaction: what is committed by now has a lower number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FeedHead(string Feed, ulong Horizon, ulong Next)
{
    /// <summary>After all that can be read now.</summary>
    public ChangePosition Position => new(Horizon);
}
