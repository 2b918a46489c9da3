using System.Text.Json;
using DuckDB.NET.Data;
using Npgsql;
using Orders.Warehouse.Redshift;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>
/// What COPY does, on a Postgres: reads the file that the manifest names, checks its length as Redshift
/// does, and
/// inserts its rows.
/// </summary>
internal sealed class StagedInsert(string folder) : IStagedCopy
{
    /// <summary>How many files were copied.</summary>
    public int Copies { get; private set; }

    public async Task CopyAsync(NpgsqlConnection connection, string table, string manifest, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, manifest), cancellationToken));
        var entry = json.RootElement.GetProperty("entries").EnumerateArray().Single();
        var file = entry.GetProperty("url").GetString()!;
        if (!entry.GetProperty("mandatory").GetBoolean() || new FileInfo(file).Length != entry.GetProperty("meta").GetProperty("content_length").GetInt64())
        {
            throw new IOException($"{file} is not what its manifest says.");
        }

        Copies++;
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var reading = duck.CreateCommand();
        reading.CommandText = $"FROM read_parquet('{file}', hive_partitioning = false)";
        using var reader = reading.ExecuteReader();
        while (reader.Read())
        {
            await using var insert = new NpgsqlCommand($"INSERT INTO {table} VALUES ({string.Join(", ", Enumerable.Range(1, reader.FieldCount).Select(number => $"${number}"))})", connection);
            for (var column = 0; column < reader.FieldCount; column++)
            {
                insert.Parameters.Add(new() { Value = reader.GetValue(column) });
            }

            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
