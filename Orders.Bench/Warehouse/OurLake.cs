using DynamoStreams;
using DynamoStreams.Leases;
using DynamoStreams.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orders.Bench.Apply;
using Orders.Bench.Stores;
using Orders.Local.Run;
using Orders.Warehouse;
using Orders.Warehouse.Ledger;

namespace Orders.Bench.Warehouse;

/// <summary>Our way into the lake: a shard's pump with the service's own parts, from raw pages to files that
/// the ledger in Postgres has.</summary>
internal sealed class OurLake(BenchEngines engines) : WarehouseSide
{
    public override string Name => "ours";

    public override async Task<long> WriteAsync(BenchDatabase database, string folder, IReadOnlyList<byte[]> pages, Func<Func<Task>, Task> measure, CancellationToken cancellationToken)
    {
        await using var app = Build(engines, database, folder);
        await LedgerMigrations.All.ApplyAsync(database.Source, cancellationToken);
        var leases = app.Services.GetRequiredService<ILeaseStore>();
        var lease = await ReplayedShard.TakeAsync(leases, cancellationToken);
        var memory = new ReadAheadBudget(app.Services.GetRequiredService<StreamConsumerOptions>().ReadAheadBytes);
        await measure(() => ReplayedShard.ReadToEndAsync(app.Services, leases, memory, lease, pages, cancellationToken));

        await using var command = database.Source.CreateCommand("SELECT coalesce(sum(rows), 0)::bigint FROM warehouse.files WHERE state = 'live'");
        Check((long)(await command.ExecuteScalarAsync(cancellationToken))!, pages);
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
    }

    /// <summary>The service, not started.</summary>
    public static WebApplication Build(BenchEngines engines, BenchDatabase database, string folder, string table = ServiceSettings.Table, TimeSpan? fileAge = null)
    {
        var settings = ServiceSettings.From(new(), folder, engines.Addresses with { Postgres = database.ConnectionString }, collector: null);
        settings["urls"] = "http://127.0.0.1:0";
        settings["Orders:Table"] = table;
        settings["Orders:Warehouse:FileSeconds"] = fileAge is { } age ? $"{age.TotalSeconds:0}" : null;
        return WarehouseHost.Build(new() { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory }, settings);
    }
}
