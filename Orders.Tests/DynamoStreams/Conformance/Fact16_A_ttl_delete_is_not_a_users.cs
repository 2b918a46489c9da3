using DynamoStreams.Api;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact16_A_ttl_delete_is_not_a_users(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task A_purge_of_a_technical_item_deletes_no_order()
    {
        var order = SampleOrders.Placed();
        const string key = """{"pk":{"S":"IDEM#m#k"},"sk":{"S":"IDEM"},"entity":{"S":"idempotency"},"order_id":{"S":"ORDER"}}""";
        await ApplyAsync(StreamRecords.Insert(order));

        await ApplyAsync(StreamRecords.Raw(StreamEvent.Remove, "IDEM#m#k", newImage: null, oldImage: key.Replace("ORDER", order.OrderId.ToString(), StringComparison.Ordinal)) with { IsTimeToLive = true });

        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", order)).ShouldBe(1);
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.tombstones WHERE order_id = @OrderId", order)).ShouldBe(0);
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters WHERE shard_id = @ShardId", Lease)).ShouldBe(0);
    }
}
