using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact03_A_no_op_write_may_be_a_record(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task It_is_counted_as_a_record_and_changes_nothing()
    {
        var order = SampleOrders.Placed(merchant: "m-no-op");

        await ApplyAsync(StreamRecords.Insert(order));
        await ApplyAsync(StreamRecords.Modify(order, order));

        (await Fixture.ScalarAsync<int>("SELECT records FROM sync.shards WHERE shard_id = @ShardId", Lease)).ShouldBe(2);
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM order_history WHERE order_id = @OrderId", order)).ShouldBe(1);
        (await TotalsAsync("m-no-op")).ShouldBe("1 200.00");
    }
}
