using Npgsql;

namespace Orders.Warehouse.Redshift;

/// <summary>Copies a file of the lake into a table of the load.</summary>
internal interface IStagedCopy
{
    /// <summary>Copies it.</summary>
    /// <param name="connection">The load's, in its transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="manifest">The path in the lake of the manifest that names the file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task CopyAsync(NpgsqlConnection connection, string table, string manifest, CancellationToken cancellationToken);
}
