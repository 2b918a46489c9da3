namespace Orders.Sync.Snapshots;

/// <summary>When a snapshot begins by itself. A pure function of what the database says.</summary>
internal static class SnapshotRule
{
    /// <summary>Decides.</summary>
    /// <remarks>
    /// <para>A gap asks for a snapshot that begins after it was found. One that is open already is finished
    /// first, if it began before; the gap then asks again.</para>
    /// <para>A first start asks for one too: a table may be older than the 24 hours that its stream
    /// remembers, and no service tells whether it is. So whatever the table's age, one snapshot is made once
    /// the stream's shards are written down, from when on nothing can fall between the two. On an empty
    /// table that is one empty page for each segment, and the stream is read meanwhile.</para>
    /// <para>What somebody stopped stays stopped, until somebody asks for it again or a gap comes later than
    /// the stop.</para>
    /// </remarks>
    public static SnapshotNeed Decide(SnapshotState state)
    {
        if (state.OpenId is not null)
        {
            return state.StoppedAt is null ? SnapshotNeed.Continue
                : state.NewestGapAt > state.StoppedAt ? SnapshotNeed.BeginAnew
                : SnapshotNeed.Nothing;
        }

        if (state.NewestGapAt is not null)
        {
            return SnapshotNeed.BeginForGap;
        }

        return state.KnowsStream && !state.WasFilled ? SnapshotNeed.BeginFirst : SnapshotNeed.Nothing;
    }
}
