using DynamoStreams.Api;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams;

public sealed class StreamConsumerTests(ConsumerBench bench) : IClassFixture<ConsumerBench>, IAsyncLifetime
{
    private readonly ScriptedStreams _streams = new();

    public async ValueTask InitializeAsync() => await bench.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_shard_is_read_to_its_end_before_its_children()
    {
        var parent = _streams.AddShard("shard-1");
        Write(parent, "a", "b", "c");
        var children = _streams.Split(parent, "shard-2", "shard-3");
        Write(children[0], "d");
        Write(children[1], "e");

        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(5);
        }

        (await bench.NotedAsync()).Take(3).ShouldBe(["a", "b", "c"]);
        (await bench.NotedAsync()).Skip(3).ShouldBe(["d", "e"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_page_with_a_null_next_iterator_may_hold_records()
    {
        _streams.PageSize = 2;
        var shard = _streams.AddShard("shard-1");
        Write(shard, "a", "b", "c");
        _streams.Disable();

        await using (bench.Start(_streams))
        {
            await Eventually.HoldsAsync(async () => await bench.ScalarAsync<int>("SELECT count(*) FROM sync.shards WHERE finished_at IS NOT NULL") == 1);
        }

        (await bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_shard_that_rolls_while_it_is_read_goes_on_in_its_children()
    {
        var shard = _streams.AddShard("shard-0");
        await using (bench.Start(_streams))
        {
            for (var generation = 1; generation <= 8; generation++)
            {
                Write(shard, $"item-{generation}");
                shard = _streams.Split(shard, $"shard-{generation}")[0];
            }

            await bench.NotedAsync(8);
        }

        (await bench.NotedAsync()).ShouldBe(Enumerable.Range(1, 8).Select(generation => $"item-{generation}"));
    }

    [Fact]
    public async Task An_expired_iterator_goes_on_after_the_last_record_read()
    {
        var shard = _streams.AddShard("shard-1");
        Write(shard, "a");
        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(1);
            _streams.ExpireIterators();
            Write(shard, "b");
            await bench.NotedAsync(2);
        }

        (await bench.NotedAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Trimmed_records_are_written_down_as_a_gap_and_the_rest_is_read()
    {
        var shard = _streams.AddShard("shard-1");
        Write(shard, "a");
        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(1);
        }

        Write(shard, "lost", "kept");
        shard.TrimmedBefore = 2;
        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(2);
        }

        (await bench.NotedAsync()).ShouldBe(["a", "kept"]);
        (await bench.ScalarAsync<int>("SELECT count(*) FROM sync.gaps WHERE healed_at IS NULL AND after IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task A_vanished_shard_is_a_gap_and_its_child_is_read()
    {
        var parent = _streams.AddShard("shard-1");
        Write(parent, "a");
        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(1);
        }

        Write(parent, "lost");
        Write(_streams.Split(parent, "shard-2")[0], "b");
        parent.Gone = true;
        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(2);
        }

        (await bench.NotedAsync()).ShouldBe(["a", "b"]);
        (await bench.ScalarAsync<string>("SELECT shard_id FROM sync.gaps")).ShouldBe("shard-1");
    }

    [Fact]
    public async Task A_shard_that_a_listing_forgets_for_a_moment_is_not_given_up()
    {
        var shard = _streams.AddShard("shard-1");
        Write(shard, "a");
        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(1);
        }

        shard.HiddenListings = 2;
        Write(shard, "b");
        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(2);
        }

        (await bench.ScalarAsync<int>("SELECT count(*) FROM sync.gaps")).ShouldBe(0);
    }

    [Fact]
    public async Task Throttles_faults_and_empty_pages_lose_nothing_and_repeat_nothing()
    {
        _streams.PageSize = 3;
        var shard = _streams.AddShard("shard-1");
        Write(shard, [.. Enumerable.Range(0, 20).Select(i => $"item-{i:00}")]);
        shard.EmptyPages = 4;
        _streams.Fail("ListStreams", StreamsFailure.Throttled, 2);
        _streams.Fail("DescribeStream", StreamsFailure.Unavailable, 2);
        _streams.Fail("GetShardIterator", StreamsFailure.Throttled, 3);
        _streams.Fail("GetRecords", StreamsFailure.Throttled, 2);
        _streams.Fail("GetRecords", StreamsFailure.ExpiredIterator, 2);
        _streams.Fail("GetRecords", StreamsFailure.Unavailable, 2);

        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(20);
        }

        (await bench.NotedAsync()).ShouldBe(Enumerable.Range(0, 20).Select(i => $"item-{i:00}"));
    }

    [Fact]
    public async Task More_shards_than_one_listing_holds_are_all_read()
    {
        for (var i = 0; i < 250; i++)
        {
            Write(_streams.AddShard($"shard-{i:000}"), $"item-{i}");
        }

        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(250);
        }

        (await bench.NotedAsync()).Distinct().Count().ShouldBe(250);
    }

    [Fact]
    public async Task A_replaced_stream_is_drained_before_the_new_one()
    {
        var old = _streams.AddShard("shard-1");
        Write(old, "a", "b");
        _streams.Disable();
        _streams.AddStream();
        Write(_streams.AddShard("shard-1"), "c");

        await using (bench.Start(_streams))
        {
            await bench.NotedAsync(3);
        }

        (await bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Two_instances_share_the_shards_and_apply_each_record_once()
    {
        var shards = Enumerable.Range(0, 6).Select(i => _streams.AddShard($"shard-{i}")).ToList();
        await using (bench.Start(_streams))
        await using (bench.Start(_streams))
        {
            for (var i = 0; i < 300; i++)
            {
                Write(shards[i % shards.Count], $"item-{i}");
            }

            await bench.NotedAsync(300);
        }

        (await bench.NotedAsync()).ShouldBe(Enumerable.Range(0, 300).Select(i => $"item-{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task One_bad_record_is_set_aside_and_the_ones_around_it_arrive()
    {
        var shard = _streams.AddShard("shard-1");
        Write(shard, [.. Enumerable.Range(0, 50).Select(i => $"item-{i:00}")]);
        var handler = bench.Handler();
        handler.Poison["item-31"] = new InvalidOperationException("will never do");

        await using (bench.Start(_streams, handler))
        {
            await bench.NotedAsync(49);
        }

        (await bench.NotedAsync()).ShouldBe(Enumerable.Range(0, 50).Where(i => i != 31).Select(i => $"item-{i:00}"));
        (await bench.NotedAsync("set aside")).ShouldBe(["item-31"]);
    }

    private void Write(ScriptedShard shard, params string[] items)
    {
        foreach (var item in items)
        {
            _streams.Write(shard, item);
        }
    }
}
