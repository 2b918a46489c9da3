using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Listing;
using DynamoStreams.Progress;
using DynamoStreams.Reading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orders.Bench.Apply;

/// <summary>A shard whose records are prepared pages, read by a service's own parts.</summary>
internal static class ReplayedShard
{
    private const string StreamArn = "arn:bench/stream";
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromHours(1);

    /// <summary>Makes a shard, and takes it.</summary>
    public static async Task<ShardLease> TakeAsync(ILeaseStore leases, CancellationToken cancellationToken)
    {
        var shard = $"shard-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await leases.AddAsync([(StreamArn, new ShardDescription(shard, null))], cancellationToken);
        return (await leases.TryAcquireAsync(new ShardState(StreamArn, shard, null, false, true), "bench", LeaseDuration, cancellationToken))!;
    }

    /// <summary>Reads it to its end.</summary>
    /// <param name="services">The service's parts: its handler, its options.</param>
    /// <param name="leases">Where the lease is.</param>
    /// <param name="memory">Bounds what is read ahead.</param>
    /// <param name="lease">The shard.</param>
    /// <param name="pages">Its pages.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task ReadToEndAsync(
        IServiceProvider services, ILeaseStore leases, ReadAheadBudget memory, ShardLease lease, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<StreamConsumerOptions>();
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILogger<StreamConsumer>>();
        var progress = new ConsumerProgress();
        var budget = memory.Open();
        var stream = new ReplayedStream(pages);
        var search = new EndSearch(stream, leases, new(lease.StreamArn, lease.ShardId), options.ListingPace, new ChildFilter(), time, logger);
        var reader = new ShardReader(stream, leases, lease, options.Polling, budget, search, time, logger);
        var applier = new BisectingApplier(services.GetRequiredService<IBatchHandler>(), options.Polling, progress, time, logger);
        await new ShardPump(reader, search, applier, budget, lease, options.Bounds, progress, time).RunAsync(cancellationToken);
    }
}
