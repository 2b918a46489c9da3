using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Redshift;

/// <summary>
/// The files that COPY reads. Those of the log have types that COPY does not take from Parquet: UUIDs, times
/// with a zone, and lists. So a load writes two files of text, whole numbers and booleans from them: the
/// changes,
/// and their lines.
/// </summary>
internal sealed class StagedFiles(ILakeStore lake) : IDisposable
{
    /// <summary>Where they are in the lake, for as long as the load runs.</summary>
    public const string Folder = "redshift/";

    private const string Settings = "DataSource=:memory:;threads=1;memory_limit=1GB;autoinstall_known_extensions=false;autoload_known_extensions=false";

    // The widths of the columns in Redshift, which counts bytes.
    private const string Misfit =
        """
        max(greatest(coalesce(strlen(merchant_id), 0), coalesce(strlen(customer_id), 0))) > 2048 OR max(strlen(status)) > 64 OR max(strlen(currency)) > 16 OR max(strlen(change)) > 16
        OR max(strlen(source)) > 16 OR max(strlen(shard)) > 256 OR max(strlen(sequence)) > 64
        OR max(list_max(list_transform(items, lambda i: greatest(coalesce(strlen(i.product_id), 0), coalesce(strlen(i.product_name), 0) // 4)))) > 2048
        """;

    private const string ChangeId = "coalesce(sequence, 'snapshot-' || coalesce(version, -1)::VARCHAR || '-' || epoch_us(streamed_at)::VARCHAR)";
    private const string Day = "((changed_at AT TIME ZONE 'UTC')::DATE)::VARCHAR AS day";

    private const string Changes =
        $"""
        SELECT order_id::VARCHAR AS order_id, {ChangeId} AS change_id, version, change, merchant_id, customer_id, status, currency, amount::VARCHAR AS amount,
               (placed_at AT TIME ZONE 'UTC')::VARCHAR AS placed_at, (changed_at AT TIME ZONE 'UTC')::VARCHAR AS changed_at, (streamed_at AT TIME ZONE 'UTC')::VARCHAR AS streamed_at,
               source, shard, sequence, is_ttl, CASE WHEN strlen(item) <= 65535 THEN item END AS item, {Day}
          FROM log
        """;

    private const string Items =
        $"""
        SELECT order_id::VARCHAR AS order_id, change_id, n AS order_item_id, items[n].product_id AS product_id, items[n].product_name AS product_name, items[n].quantity AS quantity,
               items[n].unit_price::VARCHAR AS unit_price, day
          FROM (SELECT order_id, {ChangeId} AS change_id, items, unnest(range(1, len(items) + 1)) AS n, {Day} FROM log)
        """;

    private readonly ScratchFolder _scratch = new();
    private readonly Dictionary<string, string> _local = new(StringComparer.Ordinal);

    /// <summary>Reads a file of the log, and checks it.</summary>
    /// <returns>The file; or why it cannot be loaded.</returns>
    public async Task<(LoadedFile? File, FailedFile? Failed)> ReadAsync(LiveFile file, CancellationToken cancellationToken)
    {
        if (await FetchAsync(file.Path, cancellationToken) is not { } local)
        {
            return (null, new(file.Path, "It is not in the lake, and the ledger says that it is."));
        }

        try
        {
            var (rows, digest, isMisfit) = await Task.Run(() => Look(local), cancellationToken);
            var problem = rows != file.Rows ? $"It holds {rows} rows, and the ledger says {file.Rows}." : isMisfit ? "A text in it is longer than its column." : null;
            return problem is null ? (new(file.Path, file.Day, file.Generation, rows, digest), null) : (null, new(file.Path, problem));
        }
        catch (DbException broken)
        {
            return (null, new(file.Path, broken.Message));
        }
    }

    /// <summary>Writes the two files of a load, with a manifest each.</summary>
    /// <param name="load">The load's name.</param>
    /// <param name="files">The files that were read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The manifests' paths.</returns>
    public async Task<(string Changes, string Items)> WriteAsync(string load, IReadOnlyCollection<LoadedFile> files, CancellationToken cancellationToken)
    {
        var log = $"WITH log AS (SELECT * FROM read_parquet([{string.Join(", ", files.Select(file => $"'{ParquetFile.Quote(_local[file.Path])}'"))}], union_by_name = true, hive_partitioning = false))";
        return (await WriteAsync(load, "changes", $"{log} {Changes}", cancellationToken), await WriteAsync(load, "items", $"{log} {Items}", cancellationToken));
    }

    /// <summary>Deletes those of all loads: the one that holds the lock is the only one.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        await foreach (var found in lake.ListAsync(Folder, cancellationToken))
        {
            paths.Add(found.Path);
        }

        await lake.DeleteAsync(paths, cancellationToken);
    }

    public void Dispose() => _scratch.Dispose();

    private async Task<string?> FetchAsync(string path, CancellationToken cancellationToken)
    {
        var local = lake.Folder is { } folder ? LakePaths.Local(folder, path) : Path.Combine(_scratch.Path, string.Create(CultureInfo.InvariantCulture, $"{_local.Count}.parquet"));
        if (lake.Folder is null ? !await lake.GetAsync(path, local, cancellationToken) : !File.Exists(local))
        {
            return null;
        }

        return _local[path] = local;
    }

    private static (long Rows, ulong Digest, bool IsMisfit) Look(string file)
    {
        using var connection = new DuckDBConnection(Settings);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*), coalesce(bit_xor(hash(order_id, version, change, sequence, streamed_at)), 0)::UBIGINT, coalesce({Misfit}, false) FROM read_parquet('{ParquetFile.Quote(file)}', hive_partitioning = false)";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetFieldValue<ulong>(1), reader.GetBoolean(2));
    }

    private async Task<string> WriteAsync(string load, string name, string sql, CancellationToken cancellationToken)
    {
        var local = Path.Combine(_scratch.Path, $"staged-{name}.parquet");
        await Task.Run(() => Copy(sql, local), cancellationToken);
        var path = $"{Folder}{load}/{name}.parquet";
        await lake.PutAsync(path, local, cancellationToken);
        var manifest = Path.Combine(_scratch.Path, $"staged-{name}.manifest");
        await File.WriteAllTextAsync(manifest, Manifest($"{lake.Name.TrimEnd('/')}/{path}", new FileInfo(local).Length), cancellationToken);
        var manifestPath = $"{Folder}{load}/{name}.manifest";
        await lake.PutAsync(manifestPath, manifest, cancellationToken);
        return manifestPath;
    }

    // For columnar files Redshift asks for the length.
    private static string Manifest(string url, long length)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries"u8);
            json.WriteStartObject();
            json.WriteString("url"u8, url);
            json.WriteBoolean("mandatory"u8, true);
            json.WriteStartObject("meta"u8);
            json.WriteNumber("content_length"u8, length);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    // Snappy: COPY reads it everywhere.
    private static void Copy(string sql, string file)
    {
        using var connection = new DuckDBConnection(Settings);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({sql}) TO '{ParquetFile.Quote(file)}' (FORMAT parquet, COMPRESSION snappy)";
        command.ExecuteNonQuery();
    }
}
