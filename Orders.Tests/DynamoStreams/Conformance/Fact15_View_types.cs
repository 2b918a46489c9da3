using DynamoStreams.Api;
using DynamoStreams.Listing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact15_View_types(ConsumerBench bench) : StreamConformance(bench)
{
    [Theory]
    [InlineData("KEYS_ONLY")]
    [InlineData("NEW_IMAGE")]
    [InlineData("OLD_IMAGE")]
    public async Task Any_but_both_images_is_refused_with_a_clear_error(string viewType)
    {
        Streams.Current.ViewType = viewType;
        Streams.AddShard("shard-1");

        var refused = await Should.ThrowAsync<StreamsException>(() => StreamListing.ReadAsync(Streams, "orders", TimeProvider.System, CancellationToken.None));

        refused.Failure.ShouldBe(StreamsFailure.Invalid);
        refused.Message.ShouldBe($"the stream of table orders has view type {viewType}; it must be NEW_AND_OLD_IMAGES");
        (await Should.ThrowAsync<StreamsException>(() => StreamListing.IsThereAsync(Streams, "orders", TimeProvider.System, CancellationToken.None))).Message.ShouldBe(refused.Message);
    }

    [Fact]
    public async Task Whether_there_is_one_costs_two_calls_however_many_shards_it_has()
    {
        for (var i = 1; i <= 300; i++)
        {
            Streams.AddShard($"shard-{i}");
        }

        (await StreamListing.IsThereAsync(Streams, "orders", TimeProvider.System, CancellationToken.None)).ShouldBeTrue();

        Streams.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task After_it_was_changed_the_former_stream_no_longer_stands_in_the_way()
    {
        Streams.Current.ViewType = "KEYS_ONLY";
        Streams.Write(Streams.AddShard("shard-1"), "keys only");
        Streams.Disable();
        Streams.AddStream();
        Streams.Write(Streams.AddShard("shard-1"), "a");

        await ConsumeAsync(1);

        (await Bench.NotedAsync()).ShouldBe(["a"]);
    }
}
