using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

/// <summary>A scripted stream, a real Postgres, and consumers of the one into the other.</summary>
[Collection(nameof(ConformanceCollection))]
public abstract class StreamConformance(ConsumerBench bench) : IAsyncLifetime
{
    internal ConsumerBench Bench => bench;

    internal ScriptedStreams Streams { get; } = new();

    internal static string[] Items(int count, string prefix = "item") => [.. Enumerable.Range(0, count).Select(i => $"{prefix}-{i:000}")];

    public async ValueTask InitializeAsync() => await bench.ResetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a consumer until so many records are applied, then stops it.</summary>
    internal async Task ConsumeAsync(int untilApplied)
    {
        await using var consumer = bench.Start(Streams);
        await bench.NotedAsync(untilApplied);
    }

    internal Task<int> GapsAsync() => bench.ScalarAsync<int>("SELECT count(*) FROM sync.gaps WHERE healed_at IS NULL");

    internal Task FinishedAsync(string shardId) => bench.HoldsAsync($"SELECT EXISTS (SELECT FROM sync.shards WHERE shard_id = '{shardId}' AND finished_at IS NOT NULL)");
}
