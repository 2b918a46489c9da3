using System.Data.Common;
using System.Globalization;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Embedded;

/// <summary>
/// The file <c>warehouse.duckdb</c> in the lake's folder: views over the files of the logs, no data. It is
/// written beside and renamed, and only when its text is another one, so that whoever has it open goes on.
/// </summary>
/// <param name="store">The lake.</param>
/// <param name="mirror">Its files on this machine.</param>
internal sealed class ViewDatabase(ILakeStore store, LakeMirror mirror) : IDisposable
{
    /// <summary>Its name in the lake's folder.</summary>
    public const string FileName = "warehouse.duckdb";

    // Files without rows, which give the log and the stored states their columns.
    private static readonly (string Path, LogSchema Schema)[] Schemas =
    [
        ("orders_changes/day=1970-01-01/0-schema.parquet", OrderLog.Schema),
        (LakePaths.StateRows(0, 0), OrderStateFile.Rows),
        (LakePaths.StateFiles(0), OrderStateFile.Names),
        (LakePaths.StateCovers(0), OrderStateFile.Names),
    ];

    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, (HashSet<string> Files, TableLog Log)> _tables = new(StringComparer.Ordinal);
    private string? _written;

    /// <summary>The file in a folder.</summary>
    public static string FileOf(string folder) => Path.Combine(folder, FileName);

    /// <summary>Brings the folder and the views up to date with the lake.</summary>
    /// <returns>The lake's folder on this machine.</returns>
    /// <exception cref="LakeException">The lake cannot be read or the file cannot be written.</exception>
    /// <exception cref="QueryException">A file of the lake is none of a log.</exception>
    public async Task<string> RefreshAsync(CancellationToken cancellationToken)
    {
        await mirror.RefreshAsync(cancellationToken);
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (Array.Exists(Schemas, each => !File.Exists(LakePaths.Local(mirror.Folder, each.Path))))
            {
                await WriteSchemaAsync(cancellationToken);
                await mirror.RefreshAsync(cancellationToken);
            }

            Write(mirror.Folder);
            return mirror.Folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LakeException($"{FileOf(mirror.Folder)} cannot be written: {refused.Message} Give this user the right to write in the folder, or make room.", isSetup: true, refused);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Writes the files without rows that give the log and the stored states their columns, in
    /// place of those of another version.</summary>
    /// <exception cref="LakeException">The lake cannot be written.</exception>
    public async Task WriteSchemaAsync(CancellationToken cancellationToken)
    {
        using var scratch = new ScratchFolder();
        var (file, there) = (Path.Combine(scratch.Path, "schema.parquet"), Path.Combine(scratch.Path, "there.parquet"));
        foreach (var (path, schema) in Schemas)
        {
            _ = ParquetFile.Write(file, schema, _ => { });
            if (!await store.GetAsync(path, there, cancellationToken) || !IsSame(file, there))
            {
                await store.PutAsync(path, file, cancellationToken);
            }
        }
    }

    public void Dispose() => _one.Dispose();

    private static bool IsSame(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private void Write(string folder)
    {
        var file = FileOf(folder);
        var script = ViewScript.Of(folder, Tables(folder));
        var hash = ViewScript.Hash(script);
        if (File.Exists(file) && (_written == hash || HashOf(file) == hash))
        {
            _written = hash;
            return;
        }

        var beside = $"{file}.{Path.GetRandomFileName()}";
        try
        {
            using (var connection = Duck.Open(beside))
            {
                connection.Execute($"{script}; COMMENT ON VIEW orders_changes IS '{hash}'; CHECKPOINT");
            }

            LakeFile.TakeRights(beside, folder);
            File.Move(beside, file, overwrite: true);
            _written = hash;
        }
        catch (DbException broken)
        {
            var known = QueryFaults.Of(broken.Message);
            throw known.Fault is QueryFault.File or QueryFault.Gone ? known : new LakeException($"The views cannot be made: {known.Message}", isSetup: true, broken);
        }
        finally
        {
            File.Delete(beside);
            File.Delete($"{beside}.wal");
        }
    }

    private static string? HashOf(string file)
    {
        try
        {
            using var connection = Duck.Open(file, readOnly: true);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT comment FROM duckdb_views() WHERE view_name = 'orders_changes'";
            return command.ExecuteScalar() as string;
        }
        catch (DbException)
        {
            // Not one of DuckDB, or of a later version of it: it is written anew.
            return null;
        }
    }

    private List<TableLog> Tables(string folder)
    {
        var tables = new List<TableLog>();
        foreach (var table in LogFolders.Tables(folder))
        {
            var log = $"{table}_changes";
            HashSet<string> files = [.. Directory.EnumerateFiles(Path.Combine(folder, log), "*-*.parquet", SearchOption.AllDirectories)];
            if (files.Count == 0)
            {
                continue;
            }

            if (!_tables.TryGetValue(table, out var known) || !HasOnly(known.Log, files.Except(known.Files)))
            {
                known.Log = new(table, Columns($"'{ViewScript.Files(folder, log)}'"));
            }

            _tables[table] = (files, known.Log);
            tables.Add(known.Log);
        }

        return tables;
    }

    // Most files have the columns of the ones before them.
    private static bool HasOnly(TableLog log, IEnumerable<string> files)
    {
        string[] added = [.. files.Select(file => $"'{ParquetFile.Quote(file)}'")];
        return added.Length == 0 || Columns($"[{string.Join(", ", added)}]").All(log.Columns.Contains);
    }

    private static List<LoggedColumn> Columns(string files)
    {
        try
        {
            using var connection = Duck.Open();
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"DESCRIBE SELECT * FROM read_parquet({files}, hive_partitioning = false, union_by_name = true)");
            using var reader = command.ExecuteReader();
            var columns = new List<LoggedColumn>();
            while (reader.Read())
            {
                if (!reader.GetString(0).StartsWith('_'))
                {
                    columns.Add(new(reader.GetString(0), reader.GetString(1)));
                }
            }

            return columns;
        }
        catch (DbException broken)
        {
            var known = QueryFaults.Of(broken.Message);
            throw new QueryException(known.Fault, known.Message);
        }
    }
}
