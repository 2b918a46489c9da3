using Orders.Tests.DynamoStreams.Reading;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact05_A_null_next_iterator_ends_the_shard(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task And_that_very_page_may_hold_records()
    {
        Streams.PageSize = 2;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a", "b", "c");
        Streams.Write(Streams.Split(shard, "shard-2")[0], "d");

        await ConsumeAsync(4);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c", "d"]);
        await FinishedAsync("shard-1");
    }

    [Fact]
    public async Task Also_when_every_iterator_meets_empty_pages_before_it()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        shard.EmptyPagesAtEnd = 2;
        Streams.Write(Streams.Split(shard, "shard-2")[0], "b");

        await ConsumeAsync(2);

        (await Bench.NotedAsync()).ShouldBe(["a", "b"]);
        await FinishedAsync("shard-1");
    }

    [Fact]
    public async Task Unless_the_last_one_was_so_long_ago_that_another_iterator_may_have_expired()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        shard.NullIterators = 1;
        var isLeftOutAgain = false;
        await reading.RunAsync(time =>
        {
            if (isLeftOutAgain && shard.NullIterators == 0 && shard.Records.Count == 0)
            {
                reading.Streams.Write(shard, "a");
            }
            else if (!isLeftOutAgain && time.Elapsed > TimeSpan.FromMinutes(16))
            {
                isLeftOutAgain = true;
                shard.NullIterators = 1;
            }

            return reading.Records == 1;
        });

        reading.Records.ShouldBe(1);
    }

    [Fact]
    public async Task Unless_it_is_the_first_and_the_shard_that_has_ended_still_has_records()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        reading.Streams.Write(shard, "a", "b");
        reading.Streams.Split(shard, "shard-2");
        shard.NullIterators = 1;
        await reading.RunAsync(_ =>
        {
            // The first iterator runs out before it returned anything.
            reading.Streams.PageSize = shard.NullIterators > 0 ? 0 : 1000;
            return false;
        });

        reading.Records.ShouldBe(2);
        reading.HasEnded.ShouldBeTrue();
    }

    [Fact]
    public async Task Unless_it_was_only_left_out_and_the_shard_goes_on()
    {
        Streams.PageSize = 2;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a", "b", "c");
        shard.NullIterators = 1;
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(3);

        Streams.Write(shard, "d");

        await Bench.NotedAsync(4);
        (await Bench.ScalarAsync<int>("SELECT count(*) FROM sync.shards WHERE finished_at IS NOT NULL")).ShouldBe(0);
    }
}
