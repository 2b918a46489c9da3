namespace Orders.Sync.Snapshots;

/// <summary>
/// Decides when a snapshot begins automatically. A pure function of the state in the database.
/// </summary>
internal static class SnapshotRule
{
    /// <summary>Decides.</summary>
    /// <remarks>
    /// <para>A gap requires a snapshot that begins after the gap was found. A snapshot that is open already
    /// is finished first; the gap then requires another.</para>
    /// <para>A first start requires one too. A table may be older than the 24 hours that its stream keeps,
    /// and the service does not say whether it is. So one snapshot is always made, after the stream's shards
    /// are stored: from then on no change can be missed. For an empty table it costs one empty page for each
    /// segment, and the stream is read meanwhile.</para>
    /// <para>Another table under the read model requires a rebuild: no record of the stream deletes the
    /// orders of the former one, and those of the same id may have a lower version now.</para>
    /// <para>A stopped snapshot stays stopped until it is requested again, or a gap or another table comes
    /// after the stop.</para>
    /// </remarks>
    public static SnapshotNeed Decide(SnapshotState state)
    {
        if (state.OpenId is not null)
        {
            return state.StoppedAt is null ? SnapshotNeed.Continue
                : state.NewestGapAt > state.StoppedAt || state.TableChangedAt > state.StoppedAt ? SnapshotNeed.BeginAnew
                : SnapshotNeed.Nothing;
        }

        if (state.TableChangedAt is not null)
        {
            return SnapshotNeed.BeginForTable;
        }

        if (state.NewestGapAt is not null)
        {
            return SnapshotNeed.BeginForGap;
        }

        return state.KnowsStream && !state.WasFilled ? SnapshotNeed.BeginFirst : SnapshotNeed.Nothing;
    }
}
