using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact17_Creation_times_are_coarse(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task The_last_change_is_shown_by_the_items_own_milliseconds()
    {
        var order = SampleOrders.Placed(at: SampleOrders.Noon.AddMilliseconds(123));

        await ApplyAsync(StreamRecords.Insert(order) with { ApproximateCreation = SampleOrders.Noon.AddHours(-1) });

        (await Fixture.ScalarAsync<DateTime>("SELECT last_change_at FROM sync.shards WHERE shard_id = @ShardId", Lease)).ShouldBe(order.UpdatedAt.UtcDateTime);
    }
}
