
namespace Orders.Sync.Repair;

internal static class SnapshotKinds
{
    /// <summary>The word in <c>sync.snapshots.kind</c>.</summary>
    public static string Name(this SnapshotKind kind) => kind == SnapshotKind.Rebuild ? "rebuild" : "snapshot";

    public static SnapshotKind Parse(string name) => name == "rebuild" ? SnapshotKind.Rebuild : SnapshotKind.Snapshot;
}
