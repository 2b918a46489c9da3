using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Redshift;

/// <summary>
/// The files that COPY reads. Those of the logs have types that COPY does not take from Parquet: UUIDs,
/// times with a zone, and lists. So a load writes files of text, whole numbers and booleans from them.
/// </summary>
internal sealed class StagedFiles(ILakeStore lake) : IDisposable
{
    /// <summary>Where they are in the lake, for as long as the load runs.</summary>
    public const string Folder = "redshift/";

    private readonly ScratchFolder _scratch = new();
    private readonly Dictionary<string, string> _local = new(StringComparer.Ordinal);

    /// <summary>Where files of this load may be put on this machine.</summary>
    public string Scratch => _scratch.Path;

    /// <summary>Reads a file of a log, and checks it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="check">What is selected of it (<see cref="ILoadedLog.Check"/>).</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The file; or why it cannot be loaded.</returns>
    public async Task<(LoadedFile? File, FailedFile? Failed)> ReadAsync(LiveFile file, string check, CancellationToken cancellationToken)
    {
        if (await FetchAsync(file.Path, cancellationToken) is not { } local)
        {
            return (null, new(file.Path, "It is not in the lake, and the ledger says that it is."));
        }

        try
        {
            var (rows, digest, isMisfit) = await Task.Run(() => Check(local, check), cancellationToken);
            var problem = rows != file.Rows ? $"It holds {rows} rows, and the ledger says {file.Rows}." : isMisfit ? "A text in it is longer than its column." : null;
            return problem is null ? (new(file.Path, file.Day, file.Generation, rows, digest), null) : (null, new(file.Path, problem));
        }
        catch (DbException broken)
        {
            return (null, new(file.Path, broken.Message));
        }
    }

    /// <summary>Where a file that was read is on this machine.</summary>
    public string Local(string path) => _local[path];

    /// <summary>Writes a file and its manifest.</summary>
    /// <param name="load">The load's name.</param>
    /// <param name="name">The file's.</param>
    /// <param name="write">Writes it to this machine.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The manifest's path.</returns>
    public async Task<string> WriteAsync(string load, string name, Action<string> write, CancellationToken cancellationToken)
    {
        var local = Path.Combine(_scratch.Path, $"staged-{name}.parquet");
        await Task.Run(() => write(local), cancellationToken);
        var path = $"{Folder}{load}/{name}.parquet";
        await lake.PutAsync(path, local, cancellationToken);
        var manifest = Path.Combine(_scratch.Path, $"staged-{name}.manifest");
        await File.WriteAllTextAsync(manifest, Manifest($"{lake.Name.TrimEnd('/')}/{path}", new FileInfo(local).Length), cancellationToken);
        var manifestPath = $"{Folder}{load}/{name}.manifest";
        await lake.PutAsync(manifestPath, manifest, cancellationToken);
        return manifestPath;
    }

    /// <summary>Deletes those of all loads: the one that holds the lock is the only one.</summary>
    public static async Task ClearAsync(ILakeStore lake, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        await foreach (var found in lake.ListAsync(Folder, cancellationToken))
        {
            paths.Add(found.Path);
        }

        await lake.DeleteAsync(paths, cancellationToken);
    }

    /// <summary>The end of a statement of DuckDB that writes a file. COPY reads Snappy everywhere.</summary>
    public static string To(string path) => $"TO '{ParquetFile.Quote(path)}' (FORMAT parquet, COMPRESSION snappy)";

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

    private static (long Rows, ulong Digest, bool IsMisfit) Check(string file, string check)
    {
        using var connection = Duck.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {check} FROM read_parquet('{ParquetFile.Quote(file)}', hive_partitioning = false)";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetFieldValue<ulong>(1), reader.GetBoolean(2));
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

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
