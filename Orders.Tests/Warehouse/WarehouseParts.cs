using DynamoStreams.Api;
using DynamoStreams.Leases;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.Engines;
using Orders.Warehouse.Compacting;
using Orders.Warehouse.Consuming;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Requeueing;
using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse;

/// <summary>The parts of the warehouse on a folder of a test's own; none runs by itself.</summary>
internal sealed class WarehouseParts(LedgerFixture fixture) : IDisposable
{
    private static readonly ReplacementPace AtOnce = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    public TempFolder Folder { get; } = new();

    public string Files => LakeReading.Files(Folder.Path);

    public FolderLake Lake => new(Folder.Path, TimeProvider.System);

    public OrderChangeLog Log(ILakeStore? lake = null) =>
        new(fixture.Database, new LogWriter(lake ?? Lake), new PostgresSessions(fixture.Database, TimeProvider.System, NullLogger<PostgresSessions>.Instance), new(), TimeProvider.System);

    public DayRewrite Rewrite(ILakeStore? lake = null) => new(fixture.Database, lake ?? Lake);

    public Compactor Compactor(ILakeStore? lake = null) => new(fixture.Database, Rewrite(lake), TimeProvider.System);

    public Replacements Replacements(ReplacementPace? pace = null) => new(fixture.Database, Lake, pace ?? AtOnce);

    public LakeSweep Sweep() => new(fixture.Database, Lake, new LogWriter(Lake));

    public Requeue Requeue(ILakeStore? lake = null) => new(fixture.Database, lake ?? Lake, new LogWriter(lake ?? Lake));

    /// <summary>Writes a file for each record.</summary>
    public async Task WriteAsync(ShardLease lease, params IEnumerable<StreamRecord> records)
    {
        var log = Log();
        foreach (var record in records)
        {
            await log.ApplyAsync(new(lease, [record], EndsShard: false), default);
        }
    }

    /// <summary>Compacts every past day that has small files.</summary>
    public async Task CompactAsync(ILakeStore? lake = null)
    {
        var compactor = Compactor(lake);
        foreach (var day in await compactor.FindAsync(TimeSpan.Zero, leastFiles: 2, default))
        {
            await compactor.CompactAsync(day, default);
        }
    }

    public void Dispose() => Folder.Dispose();
}
