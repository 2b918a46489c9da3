using Orders.Bench.Stores;

namespace Orders.Bench.Apply;

/// <summary>
/// Our side with several shards at once, each with its own changes but of the same merchants, customers and
/// products: it shows whether shards block each other on shared rows.
/// </summary>
/// <param name="engines">Where the stores are.</param>
/// <param name="shards">The changes of each shard.</param>
internal sealed class SeveralShards(BenchEngines engines, IReadOnlyList<Workload> shards) : ApplySide
{
    private readonly OurProjection _ours = new(engines);

    public override string Name => $"ours, {shards.Count} shards at once";

    public override int MostChanges => shards.Sum(shard => shard.Pages.Count) * Workload.PageRecords;

    public override bool HasOwnChanges => true;

    public override Task PrepareAsync(BenchDatabase database, CancellationToken cancellationToken) => _ours.PrepareAsync(database, cancellationToken);

    public override Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken) =>
        _ours.ApplyShardsAsync([.. shards.Select(shard => shard.Pages)], cancellationToken);

    public override Task FinishAsync(BenchDatabase database, CancellationToken cancellationToken) => _ours.FinishAsync(database, cancellationToken);
}
