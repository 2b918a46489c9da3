using System.Runtime.InteropServices;

namespace Orders.Query.Changes;

/// <summary>The end of a database's feed.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Horizon">The oldest open transaction, or the next one: below it no new rows can appear (the
/// watermark).</param>
/// <param name="Next">The next transaction: everything that is committed has a lower id.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FeedHead(string Feed, ulong Horizon, ulong Next)
{
    /// <summary>The position after everything that can be read now.</summary>
    public ChangePosition Position => new(Horizon);
}
