using Amazon.DynamoDBv2;
using DynamoStreams.Snapshots;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Snapshots;

/// <summary>Runs a snapshot beside the stream: the scan, then what is no longer there.</summary>
internal sealed partial class LogSnapshotRunner(
    LogSnapshotStore store, LogWriter writer, Vanished vanished, IAmazonDynamoDB dynamoDb, DynamoDbSettings table, WarehouseSettings settings, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<LogSnapshotRunner>();
    private readonly ScanOptions _options = new() { PageItems = 1_000, ItemsPerSecond = null };

    /// <summary>Begins one, or goes on with one that is not finished.</summary>
    /// <param name="reason">Why, if one begins.</param>
    /// <param name="cancellationToken">Stops it; the next run goes on.</param>
    /// <returns>How many orders were found in this run, and how many are no longer there.</returns>
    /// <exception cref="LogSnapshotLostException">Another instance runs it now.</exception>
    public async Task<(long Found, long Vanished)> RunAsync(string reason, CancellationToken cancellationToken)
    {
        var snapshot = await store.TakeAsync(reason, _options.Segments, cancellationToken);
        LogBegins(snapshot.Id, snapshot.Reason);
        var segments = await store.SegmentsAsync(snapshot, cancellationToken);
        var scan = new SnapshotScan(snapshot, segments.ToDictionary(segment => segment.Position.Segment, segment => segment.Ordinal), store, writer, settings.FileRows, time);
        await new SegmentedScan(new DynamoDbPages(dynamoDb, table.Table, isConsistent: true), _options, time, loggers.CreateLogger<SegmentedScan>())
            .RunAsync([.. segments.Select(segment => segment.Position)], scan, cancellationToken);

        var files = new LogFiles();
        var gone = await vanished.FindAsync(snapshot, cancellationToken);
        foreach (var row in gone)
        {
            files.Add(row);
        }

        var (written, unwritten) = await SnapshotFiles.WriteAsync(snapshot, store, writer, FormattableString.Invariant($"snapshot/{snapshot.Id}/vanished"), $"{snapshot.Name}-vanished", files, cancellationToken);
        await store.FinishAsync(snapshot, gone.Count, written, unwritten, cancellationToken);
        LogDone(snapshot.Id, scan.Found, gone.Count);
        return (scan.Found, gone.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {Id} begins or goes on: {Reason}")]
    private partial void LogBegins(long id, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {Id} is done: {Found} orders found, {Vanished} no longer there")]
    private partial void LogDone(long id, long found, long vanished);
}
