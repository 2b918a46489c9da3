using System.Security.Cryptography;
using System.Text;
using DynamoStreams.Leases;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Consuming;

/// <summary>The files that a range of a shard's records makes: one for each log and day.</summary>
internal sealed class RangeFiles
{
    private readonly Dictionary<(string Log, DateOnly Day), List<LogEntry>> _files = [];

    /// <summary>Parts a range.</summary>
    /// <param name="range">Its records, in order.</param>
    public RangeFiles(IEnumerable<LogEntry> range)
    {
        foreach (var entry in range)
        {
            if (entry.Row is { } row)
            {
                Add(OrderLog.Name, row.Day, entry);
            }
            else if (entry.Refused is { } refused)
            {
                Add(OrderLog.Quarantine, refused.Day, entry);
            }
        }
    }

    /// <summary>Of each file its log and day.</summary>
    public IReadOnlyCollection<(string Log, DateOnly Day)> Keys => _files.Keys;

    /// <summary>The source of a shard's files in the ledger.</summary>
    public static string Source(ShardLease lease) => $"stream/{lease.StreamArn}/{lease.ShardId}";

    /// <summary>The records of a file; none when the range has none for it.</summary>
    public IReadOnlyList<LogEntry> this[(string Log, DateOnly Day) key] => _files.GetValueOrDefault(key) ?? [];

    /// <summary>What to note of files.</summary>
    /// <param name="keys">Which.</param>
    /// <param name="lease">The shard.</param>
    /// <param name="first">The first place of the range.</param>
    /// <param name="last">The last place of the range.</param>
    public IReadOnlyList<FileDraft> Drafts(IEnumerable<(string Log, DateOnly Day)> keys, ShardLease lease, string first, string last) =>
        [.. keys.Select(key => new FileDraft(key.Log, key.Day, Name(lease, first, last, key.Log), first, last, this[key].Count))];

    /// <summary>Writes a file to this machine.</summary>
    /// <param name="key">Which.</param>
    /// <param name="path">Where to.</param>
    /// <returns>Its size.</returns>
    public long Write((string Log, DateOnly Day) key, string path)
    {
        var entries = this[key];
        if (key.Log == OrderLog.Name)
        {
            return ParquetFile.Write(path, OrderLog.Schema, appender =>
            {
                foreach (var entry in entries)
                {
                    OrderLog.Append(appender, entry.Row!);
                }
            });
        }

        using var file = File.Create(path);
        foreach (var entry in entries)
        {
            entry.Refused!.Write(file);
            file.WriteByte((byte)'\n');
        }

        return file.Length;
    }

    // Two streams of a table may name their shards alike.
    private static string Name(ShardLease lease, string first, string last, string log)
    {
        var stream = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lease.StreamArn)).AsSpan(0, 4));
        return $"{stream}-{lease.ShardId}-{first}-{last}{(log == OrderLog.Name ? ".parquet" : ".ndjson")}";
    }

    private void Add(string log, DateOnly day, LogEntry entry)
    {
        if (!_files.TryGetValue((log, day), out var entries))
        {
            _files.Add((log, day), entries = []);
        }

        entries.Add(entry);
    }
}
