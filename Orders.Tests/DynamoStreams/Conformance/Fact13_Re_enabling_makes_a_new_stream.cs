using Orders.Tests.DynamoStreams.Reading;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact13_Re_enabling_makes_a_new_stream(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task The_old_one_is_drained_first_then_the_new_from_its_start()
    {
        Streams.PageSize = 1;
        Streams.Write(Streams.AddShard("shard-9"), "a", "b");
        Streams.Disable();
        Streams.AddStream();
        Streams.Write(Streams.AddShard("shard-1"), "c");

        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
        (await GapsAsync()).ShouldBe(1, "what was written between the two is in neither");
    }

    [Fact]
    public async Task An_old_one_that_is_no_longer_listed_is_read_empty_and_left()
    {
        var old = Streams.Current;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);

        // As dynoxide does it: the old stream is no longer listed, its iterators go on for ever, and its
        // shard never ends.
        Streams.AddStream();
        old.HiddenListings = int.MaxValue;
        Streams.Write(Streams.AddShard("shard-1"), "b");

        await Bench.NotedAsync(2);
        (await GapsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task And_a_few_empty_pages_are_not_all_that_was_in_it()
    {
        var reading = new VirtualReading { EndsWhenEmpty = true };
        var shard = reading.Streams.AddShard("shard-1");
        reading.Streams.Write(shard, "a");
        shard.EmptyPages = 3;

        await reading.RunAsync(time => time.Elapsed > TimeSpan.FromMinutes(10));

        reading.Records.ShouldBe(1);
        reading.HasEnded.ShouldBeTrue();
    }
}
