using Npgsql.Replication;

namespace Orders.Warehouse.Tables;

/// <summary>A snapshot of the database at a slot's consistent point; it can be read until this is disposed
/// of.</summary>
/// <param name="connection">The connection that exports it. It is left idle.</param>
/// <param name="name">Its name.</param>
/// <param name="lsn">The consistent point: the snapshot has all that was committed before it.</param>
internal sealed class ExportedSnapshot(LogicalReplicationConnection connection, string name, ulong lsn) : IAsyncDisposable
{
    /// <summary>For SET TRANSACTION SNAPSHOT.</summary>
    public string Name => name;

    /// <summary>The consistent point.</summary>
    public ulong Lsn => lsn;

    /// <summary>Ends the connection, and with it the snapshot and a temporary slot.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
