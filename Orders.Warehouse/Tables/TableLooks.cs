using Npgsql;

namespace Orders.Warehouse.Tables;

/// <summary>Looks tables up in the catalog.</summary>
/// <param name="database">The database.</param>
/// <param name="names">The publication's.</param>
internal sealed class TableLooks(NpgsqlDataSource database, SlotNames names)
{
    // The stream has stored generated columns since Postgres 18, if the publication says so. A name may have
    // line ends, which no column of ours needs.
    private const string Published = "a.attnum > 0 AND NOT a.attisdropped AND (a.attgenerated = '' OR a.attgenerated = 's' AND current_setting('server_version_num')::int >= 180000)";

    private const string Sql =
        $"""
        SELECT n.schema, n.name, c.oid, c.relkind::text, c.relpersistence::text, c.relreplident::text, k.numbers, coalesce(k.names, '{"{}"}'), coalesce(a.columns, ''),
               coalesce((SELECT string_agg(pg_relation_filenode(relid)::text, ',' ORDER BY relid) FROM pg_partition_tree(c.oid)), pg_relation_filenode(c.oid)::text, ''),
               coalesce(has_table_privilege(c.oid, 'SELECT'), false),
               (SELECT r.oid FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
                 WHERE p.pubname = $3 AND r.prrelid = c.oid AND r.prqual IS NULL AND r.prattrs IS NULL)
          FROM unnest($1, $2) AS n (schema, name)
          LEFT JOIN (pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace) ON s.nspname = n.schema AND c.relname = n.name
          LEFT JOIN LATERAL (
               SELECT string_agg(u.number::text, ',' ORDER BY u.place) AS numbers, array_agg(a.attname::text ORDER BY u.place) AS names
                 FROM pg_index AS i, unnest(i.indkey) WITH ORDINALITY AS u (number, place), pg_attribute AS a
                WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = u.number) AS k ON true
          LEFT JOIN LATERAL (
               SELECT string_agg(concat_ws(' ', a.attnum, a.atttypid::bigint, a.atttypmod, CASE WHEN a.atthasdef OR a.atthasmissing THEN 't' ELSE 'f' END, translate(a.attname, E'\n', ' ')), E'\n' ORDER BY a.attnum) AS columns
                 FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND {Published}) AS a ON true
        """;

    /// <summary>Looks tables up.</summary>
    /// <param name="tables">Which.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<TableLook>> FindAsync(IReadOnlyCollection<SqlName> tables, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = tables.Select(table => table.Schema).ToArray() });
        command.Parameters.Add(new() { Value = tables.Select(table => table.Table).ToArray() });
        command.Parameters.Add(new() { Value = names.Publication });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<TableLook>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = new SqlName(reader.GetString(0), reader.GetString(1));
            found.Add(reader.IsDBNull(2) ? new() { Name = name } : new()
            {
                Name = name,
                Relation = reader.GetFieldValue<uint>(2),
                Kind = reader.GetString(3)[0],
                Persistence = reader.GetString(4)[0],
                Identity = reader.GetString(5)[0],
                KeyNumbers = reader.IsDBNull(6) ? null : reader.GetString(6),
                KeyColumns = reader.GetFieldValue<string[]>(7),
                Attributes = reader.GetString(8),
                Files = reader.GetString(9),
                MayRead = reader.GetBoolean(10),
                Entry = reader.IsDBNull(11) ? null : reader.GetFieldValue<uint>(11),
            });
        }

        return found;
    }

    /// <summary>The names of a table's primary key's columns, in the key's order; none for no key or no
    /// table.</summary>
    /// <param name="relation">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<string>> KeyColumnsAsync(uint relation, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT coalesce(array_agg(a.attname::text ORDER BY u.place), '{}')
              FROM pg_index AS i, unnest(i.indkey) WITH ORDINALITY AS u (number, place), pg_attribute AS a
             WHERE i.indrelid = $1 AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = u.number
            """);
        command.Parameters.Add(new() { Value = relation, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
        return (string[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The columns that the stream has of a table, in its order: name, type, modifier.</summary>
    /// <param name="relation">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<(string Name, uint Type, int Modifier)>> ColumnsAsync(uint relation, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT a.attname, a.atttypid, a.atttypmod FROM pg_attribute AS a WHERE a.attrelid = $1 AND {Published} ORDER BY a.attnum");
        command.Parameters.Add(new() { Value = relation, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<(string, uint, int)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add((reader.GetString(0), reader.GetFieldValue<uint>(1), reader.GetInt32(2)));
        }

        return columns;
    }
}
