using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Logs;

/// <summary>The files that changes of orders make: one for each log and UTC day.</summary>
internal sealed class LogFiles
{
    private readonly Dictionary<(string Log, DateOnly Day), (List<OrderLogRow> Rows, List<RefusedRecord> Refused)> _files = [];

    /// <summary>Of each file its log and day.</summary>
    public IReadOnlyCollection<(string Log, DateOnly Day)> Keys => _files.Keys;

    /// <summary>Adds a row.</summary>
    public void Add(OrderLogRow row) => Of((OrderLog.Name, row.Day)).Rows.Add(row);

    /// <summary>Adds a line of the quarantine.</summary>
    public void Add(RefusedRecord refused) => Of((OrderLog.Quarantine, refused.Day)).Refused.Add(refused);

    /// <summary>The rows of a file; 0 when there is none.</summary>
    public int Count((string Log, DateOnly Day) key) => _files.TryGetValue(key, out var file) ? file.Rows.Count + file.Refused.Count : 0;

    /// <summary>What to note of files.</summary>
    /// <param name="keys">Which.</param>
    /// <param name="name">The end of their paths, without the extension.</param>
    /// <param name="first">The first place of the range.</param>
    /// <param name="last">The last place of the range.</param>
    public IReadOnlyList<FileDraft> Drafts(IEnumerable<(string Log, DateOnly Day)> keys, string name, string first, string last) =>
        [.. keys.Select(key => new FileDraft(key.Log, key.Day, name + (key.Log == OrderLog.Name ? ".parquet" : ".ndjson"), first, last, Count(key)))];

    /// <summary>The largest time of the stream in a file.</summary>
    public DateTimeOffset? ChangedTo((string Log, DateOnly Day) key) => _files.TryGetValue(key, out var file) && file.Rows.Count > 0 ? file.Rows.Max(row => row.StreamedAt) : null;

    /// <summary>Writes a file to this machine.</summary>
    /// <param name="key">Which.</param>
    /// <param name="path">Where to.</param>
    /// <returns>Its size.</returns>
    public long Write((string Log, DateOnly Day) key, string path)
    {
        var (rows, refused) = Of(key);
        if (key.Log == OrderLog.Name)
        {
            return ParquetFile.Write(path, OrderLog.Schema, appender => OrderLog.Append(appender, rows));
        }

        using var file = File.Create(path);
        foreach (var one in refused)
        {
            one.Write(file);
            file.WriteByte((byte)'\n');
        }

        return file.Length;
    }

    private (List<OrderLogRow> Rows, List<RefusedRecord> Refused) Of((string Log, DateOnly Day) key)
    {
        if (!_files.TryGetValue(key, out var file))
        {
            _files.Add(key, file = ([], []));
        }

        return file;
    }
}
