using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Snapshots;

/// <summary>Notes and writes the files of a part of a snapshot.</summary>
internal static class SnapshotFiles
{
    /// <summary>Notes and writes files; what an attempt before a crash noted and is not needed now is
    /// deleted.</summary>
    /// <returns>What is written, and the paths that never will be.</returns>
    public static async Task<(IReadOnlyCollection<WrittenFile> Written, IReadOnlyCollection<string> Unwritten)> WriteAsync(
        Snapshot snapshot, LogSnapshotStore store, LogWriter writer, string source, string name, LogFiles files, CancellationToken cancellationToken)
    {
        var noted = await store.NoteAsync(snapshot, source, name, files, cancellationToken);
        return await writer.WriteAllAsync(noted, files, keepsWritten: false, cancellationToken);
    }
}
