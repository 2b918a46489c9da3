using DynamoStreams.Api;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.DynamoStreams.Conformance;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// Records that come again after a writer has put a former state back, version, time and all: only their
/// place tells that they are not news.
/// </summary>
public sealed class ReplayedRecordsTests(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    private readonly Order _one = SampleOrders.Placed(amount: 1m);

    [Fact]
    public async Task A_change_whose_former_state_was_put_back()
    {
        var two = _one.Next(OrderStatus.Paid);
        await ReplayAsync([StreamRecords.Insert(_one), StreamRecords.Modify(_one, two), StreamRecords.Modify(two, _one)], "placed1 1.00");
    }

    [Fact]
    public async Task A_change_among_others_of_the_same_version_and_time()
    {
        var (two, three) = (_one with { Amount = 2m }, _one with { Amount = 3m });
        await ReplayAsync([StreamRecords.Insert(_one), StreamRecords.Modify(_one, two), StreamRecords.Modify(two, three)], "placed1 3.00");
    }

    [Fact]
    public async Task The_deletion_of_an_order_that_was_put_again_just_as_it_was() =>
        await ReplayAsync([StreamRecords.Insert(_one), StreamRecords.Remove(_one), StreamRecords.Insert(_one)], "placed1 1.00");

    private async Task ReplayAsync(StreamRecord[] records, string expected)
    {
        foreach (var record in records)
        {
            await ApplyAsync(record);
        }

        (await RowAsync()).ShouldBe(expected);

        await ApplyAsync(records[1]);

        (await RowAsync()).ShouldBe(expected);
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.doubtful_orders WHERE order_id = @OrderId", _one)).ShouldBe(1, "the table is asked");
        (await Fixture.CachedAsync(_one.OrderId)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":{"N":"1"}}""")]
    [InlineData("""{"pk":{"NULL":true}}""")]
    [InlineData("""{"pk":{"S":"ORDER#x"}}""")]
    [InlineData(null)]
    public async Task What_comes_under_an_orders_key_without_saying_what_it_is_is_set_aside(string? image)
    {
        await ApplyAsync(StreamRecords.Raw(StreamEvent.Insert, OrderItem.PartitionKey(_one.OrderId), image));

        (await LettersAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task For_a_deletion_whose_former_image_says_nothing_the_table_is_asked()
    {
        await ApplyAsync(StreamRecords.Insert(_one));
        await ApplyAsync(StreamRecords.Raw(StreamEvent.Remove, OrderItem.PartitionKey(_one.OrderId), null, "{}"));

        (await LettersAsync()).ShouldBe(0);
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.doubtful_orders WHERE order_id = @OrderId", _one)).ShouldBe(1);
    }

    [Fact]
    public async Task So_it_is_for_an_order_whose_item_has_become_something_else()
    {
        await ApplyAsync(StreamRecords.Insert(_one));
        await ApplyAsync(StreamRecords.Raw(StreamEvent.Modify, OrderItem.PartitionKey(_one.OrderId), """{"entity":{"S":"invoice"}}""", StreamRecords.Image(_one)));

        (await LettersAsync()).ShouldBe(0);
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.doubtful_orders WHERE order_id = @OrderId", _one)).ShouldBe(1);
    }

    [Theory]
    [InlineData("CUSTOMER#1", "{}")]
    [InlineData("ORDER#1", """{"entity":{"S":"note"}}""")]
    public async Task Other_items_are_passed_over(string key, string image)
    {
        var before = await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters");
        await ApplyAsync(StreamRecords.Raw(StreamEvent.Insert, key, image));

        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(before);
    }

    private Task<int> LettersAsync() =>
        Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters WHERE item_key LIKE '%' || @Id || '%'", new { Id = $"{_one.OrderId}" });

    private Task<string?> RowAsync() => Fixture.ScalarAsync<string?>("SELECT status || version || ' ' || amount FROM orders WHERE order_id = @OrderId", _one);
}
