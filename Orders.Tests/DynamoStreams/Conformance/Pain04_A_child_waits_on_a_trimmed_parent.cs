using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain04_A_child_waits_on_a_trimmed_parent(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task One_that_was_trimmed_before_the_first_start_is_not_waited_for()
    {
        Streams.Write(Streams.AddShard("shard-8", "shard-that-was"), "a");

        await ConsumeAsync(1);

        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_is_trimmed_while_it_is_waited_for_is_a_gap()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        await ConsumeAsync(1);
        Streams.Write(Streams.Split(parent, "shard-2")[0], "b");
        Streams.Trim(parent);

        await ConsumeAsync(2);

        (await GapsAsync()).ShouldBe(1);
    }
}
