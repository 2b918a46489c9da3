using System.Diagnostics;
using DynamoStreams;
using DynamoStreams.Lineage;
using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Leases;

/// <summary>
/// With the product's own options. The times are printed, not judged: that they stay within bounds is a
/// matter of the options below.
/// </summary>
public sealed class TakeOverTests(ConsumerBench bench, ITestOutputHelper output) : IClassFixture<ConsumerBench>, IAsyncLifetime
{
    private static readonly StreamConsumerOptions Defaults = new() { TableName = "orders" };
    private readonly ScriptedStreams _streams = new();

    public async ValueTask InitializeAsync() => await bench.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_options_leave_room_for_a_second_and_for_five()
    {
        (Defaults.StopGrace + Defaults.LookInterval).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (Defaults.LeaseDuration + Defaults.RenewInterval + Defaults.LookInterval).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_stopped_instance_hands_over()
    {
        var shard = _streams.AddShard("shard-1");
        _streams.Write(shard, "a");
        var old = bench.Start(_streams, change: _ => new() { TableName = "orders" });
        await bench.NotedAsync(1);
        await using var other = bench.Start(_streams, change: _ => new() { TableName = "orders" });
        await bench.HoldsAsync("SELECT count(*) = 2 FROM sync.instances");

        var started = Stopwatch.GetTimestamp();
        _streams.Write(shard, "b");
        await Task.WhenAll(old.DisposeAsync().AsTask(), bench.HoldsAsync($"SELECT count(*) = 1 FROM sync.shards WHERE owner = '{other.Owner}'"));
        output.WriteLine($"hand-over after a stop: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        await bench.NotedAsync(2);
    }

    [Fact]
    public async Task A_killed_instance_is_replaced()
    {
        var shard = _streams.AddShard("shard-1");
        _streams.Write(shard, "a");
        await using (bench.Start(_streams, change: _ => new() { TableName = "orders" }))
        {
            await bench.NotedAsync(1);
        }

        // What a killed process leaves: its last heartbeat and its leases.
        await bench.Leases.HeartbeatAsync("orders", "killed", Defaults.LeaseDuration, [], CancellationToken.None);
        (await bench.Leases.TryAcquireAsync(new ShardState(shard.StreamArn, shard.ShardId, null, false, true), "killed", Defaults.LeaseDuration, CancellationToken.None)).ShouldNotBeNull();
        var started = Stopwatch.GetTimestamp();
        _streams.Write(shard, "b");
        await using var other = bench.Start(_streams, change: _ => new() { TableName = "orders" });

        await bench.NotedAsync(2);
        output.WriteLine($"take-over after a kill: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }
}
