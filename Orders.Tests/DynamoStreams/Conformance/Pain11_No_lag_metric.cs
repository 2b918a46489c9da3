using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

/// <summary>
/// The lag is how far behind the consumer is: by when a shard had nothing more, else by the stream's own
/// times. Orders.Sync's metric is in MetricsTests.
/// </summary>
public sealed class Pain11_No_lag_metric(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task An_empty_answer_says_up_to_when_a_shard_is_applied()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);

        await Bench.HoldsAsync("SELECT as_of = caught_up_at AND as_of > applied_at FROM sync.shards");
    }

    [Fact]
    public async Task One_before_a_record_says_it_as_soon_as_that_is_applied()
    {
        var shard = Streams.AddShard("shard-1");
        await using var consumer = Bench.Start(Streams, change: options => options with { RenewInterval = TimeSpan.FromHours(1), LeaseDuration = TimeSpan.FromHours(2) });
        await Eventually.HoldsAsync(() => Task.FromResult(Streams.CallsOf("GetRecords shard-1") > 5));
        Streams.Write(shard, "a");
        await Bench.NotedAsync(1);

        (await Bench.ScalarAsync<bool>("SELECT as_of = caught_up_at AND as_of < applied_at FROM sync.shards")).ShouldBeTrue();
    }

    [Fact]
    public async Task That_something_was_applied_says_nothing_of_what_is_left()
    {
        var shard = Streams.AddShard("shard-1");
        shard.NullIterators = int.MaxValue;
        Streams.Write(shard, "a");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);
        var heartbeat = new { At = await Bench.ScalarAsync<DateTime>("SELECT max(alive_until) + interval '0.5 seconds' FROM sync.instances") };
        await Eventually.HoldsAsync(() => Bench.ScalarAsync<bool>("SELECT max(alive_until) > @At FROM sync.instances", heartbeat));

        (await Bench.ScalarAsync<DateTime?>("SELECT as_of FROM sync.shards")).ShouldBeNull();
    }

    [Theory]
    [InlineData(-600, true)]
    [InlineData(600, false)]
    public async Task Where_it_never_is_empty_the_streams_own_time_does_unless_its_clock_is_ahead(int seconds, bool tells)
    {
        var shard = Streams.AddShard("shard-1");
        shard.NullIterators = int.MaxValue;
        var created = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds);
        Streams.Write(shard, ScriptedStreams.Record("1", "a") with { ApproximateCreation = created });
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);

        (await Bench.ScalarAsync<DateTime?>("SELECT as_of FROM sync.shards")).ShouldBe(tells ? created.UtcDateTime : null);
    }
}
