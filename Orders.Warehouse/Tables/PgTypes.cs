using Npgsql;

namespace Orders.Warehouse.Tables;

/// <summary>The types of a database, read when they are first asked for.</summary>
/// <param name="database">The database.</param>
internal sealed class PgTypes(NpgsqlDataSource database)
{
    private readonly Dictionary<uint, PgType> _known = [];

    /// <summary>What is known of a type; null for one that was dropped meanwhile.</summary>
    public PgType? Find(uint oid) => _known.GetValueOrDefault(oid);

    /// <summary>Reads types, with those under domains and in arrays.</summary>
    /// <param name="oids">Which.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task LoadAsync(IEnumerable<uint> oids, CancellationToken cancellationToken)
    {
        var unknown = oids.Where(oid => !_known.ContainsKey(oid)).Distinct().ToArray();
        if (unknown.Length == 0)
        {
            return;
        }

        await using var command = database.CreateCommand(
            """
            WITH RECURSIVE needed AS (
                SELECT t.* FROM pg_type AS t WHERE t.oid = ANY ($1::bigint[]::oid[])
                UNION
                SELECT t.* FROM needed AS n JOIN pg_type AS t ON t.oid IN (n.typbasetype, n.typelem))
            SELECT n.oid, CASE WHEN s.nspname = 'pg_catalog' THEN n.typname::text ELSE format('%I.%I', s.nspname, n.typname) END, s.nspname = 'pg_catalog',
                   n.typbasetype, n.typtypmod, CASE WHEN n.typoutput = 'array_out'::regproc THEN n.typelem ELSE 0 END, n.typdelim::text
              FROM needed AS n JOIN pg_namespace AS s ON s.oid = n.typnamespace
            """);
        command.Parameters.Add(new() { Value = unknown.Select(oid => (long)oid).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var oid = reader.GetFieldValue<uint>(0);
            _known[oid] = new(
                oid, reader.GetString(1), reader.GetBoolean(2), reader.GetFieldValue<uint>(3), reader.GetInt32(4), reader.GetFieldValue<uint>(5), reader.GetString(6)[0]);
        }
    }
}
