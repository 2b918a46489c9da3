using Npgsql;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact02_Records_of_a_transaction_interleave(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task An_order_and_its_lines_are_one_item_so_that_readers_see_all_of_it_or_nothing()
    {
        var whole = SampleOrders.Placed(lines: 3);
        var halfRefused = SampleOrders.Placed(lines: 2);
        halfRefused = halfRefused with { Items = [halfRefused.Items[0], halfRefused.Items[1] with { ProductName = "refused" }] };

        await Fixture.ExecuteAsync("ALTER TABLE order_items ADD CONSTRAINT no_such_line CHECK (product_name <> 'refused')");
        await ApplyAsync(StreamRecords.Insert(whole));
        await Should.ThrowAsync<PostgresException>(() => ApplyAsync(StreamRecords.Insert(halfRefused)));

        await Fixture.ExecuteAsync("ALTER TABLE order_items DROP CONSTRAINT no_such_line");
        const string seen = "SELECT (SELECT count(*) FROM orders WHERE order_id = @OrderId) || '+' || (SELECT count(*) FROM order_items WHERE order_id = @OrderId)";
        (await Fixture.ScalarAsync<string>(seen, whole)).ShouldBe("1+3");
        (await Fixture.ScalarAsync<string>(seen, halfRefused)).ShouldBe("0+0");
    }
}
