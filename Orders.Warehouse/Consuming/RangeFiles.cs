using System.Security.Cryptography;
using System.Text;
using DynamoStreams.Leases;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Consuming;

/// <summary>The files that a range of a shard's records makes.</summary>
internal static class RangeFiles
{
    /// <summary>Parts a range.</summary>
    /// <param name="range">Its records, in order.</param>
    public static LogFiles Of(IEnumerable<LogEntry> range)
    {
        var files = new LogFiles();
        foreach (var entry in range)
        {
            if (entry.Row is { } row)
            {
                files.Add(row);
            }
            else if (entry.Refused is { } refused)
            {
                files.Add(refused);
            }
        }

        return files;
    }

    /// <summary>The source of a shard's files in the ledger.</summary>
    public static string Source(ShardLease lease) => $"stream/{lease.StreamArn}/{lease.ShardId}";

    /// <summary>The end of a file's path, without the extension: it follows from the range.</summary>
    /// <param name="lease">The shard.</param>
    /// <param name="first">The range's first place.</param>
    /// <param name="last">The range's last place.</param>
    public static string Name(ShardLease lease, string first, string last)
    {
        // Two streams of a table may name their shards alike.
        var stream = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lease.StreamArn)).AsSpan(0, 4));
        return $"{stream}-{lease.ShardId}-{first}-{last}";
    }
}
