using System.Text;
using Orders.Api.Batch;
using Orders.Api.Body;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Batch;

public sealed class BatchBodyTests
{
    private const string Order = """{"merchant_id":"m","amount":5,"currency":"INR"}""";

    [Theory]
    [InlineData(Order + "\n" + Order)]
    [InlineData(Order + "\n" + Order + "\n")]
    [InlineData("\n\r\n" + Order + "\r\n \t\n" + Order + "\r\n\r\n")]
    [InlineData("\ufeff" + Order + "\n" + Order)]
    public void Each_line_is_an_order_and_empty_lines_are_none(string body) =>
        Orders(BatchBody.ReadLines(Utf8(body))).Select(order => order.Errors).ShouldBe([null, null]);

    [Fact]
    public void A_bad_line_is_bad_for_itself()
    {
        var orders = Orders(BatchBody.ReadLines(Utf8($"{Order}\n{{\"merchant_id\":\n7\n{Order}")));

        orders.Select(order => order.Value is not null).ShouldBe([true, false, false, true]);
        orders[1].Errors!.ByField["body"].ShouldHaveSingleItem().ShouldContain("cannot be read as JSON");
        orders[2].Errors!.ByField["body"].ShouldBe(["must be a JSON object"]);
    }

    [Fact]
    public void Each_element_of_an_array_is_an_order()
    {
        var orders = Orders(BatchBody.ReadArray(Utf8($" [\n{Order} , {{\"amount\":[1,{{}}]}},7, null,{Order}]\n")));

        orders.Select(order => order.Value is not null).ShouldBe([true, false, false, false, true]);
        orders[1].Errors!.ByField["amount"].ShouldBe(["must be a number"]);
        orders[2].Errors!.ByField["body"].ShouldBe(["must be a JSON object"]);
    }

    [Theory]
    [InlineData("", "is missing")]
    [InlineData("{}", "must be a JSON array")]
    [InlineData("[" + Order, "cannot be read as JSON")]
    [InlineData("[" + Order + ",]", "a comma stands before")]
    [InlineData("[" + Order + "] x", "something stands behind its end")]
    [InlineData("[" + Order + " " + Order + "]", "cannot be read as JSON")]
    public void An_array_that_breaks_is_refused_as_a_whole(string body, string message) => Error(BatchBody.ReadArray(Utf8(body))).ShouldContain(message);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void A_batch_holds_1_to_1000_orders(int count, bool isGood)
    {
        var orders = Enumerable.Repeat("{}", count);
        var lines = BatchBody.ReadLines(Utf8(string.Join('\n', orders)));
        var array = BatchBody.ReadArray(Utf8($"[{string.Join(',', orders)}]"));

        foreach (var body in (Parsed<BatchBody>[])[lines, array])
        {
            if (isGood)
            {
                Orders(body).Count.ShouldBe(count);
            }
            else
            {
                Error(body).ShouldBe($"must hold 1 to 1000 orders, and holds {count}");
            }
        }
    }

    private static IReadOnlyList<Parsed<Orders.Api.Place.OrderRequest>> Orders(Parsed<BatchBody> body)
    {
        body.TryGet(out var batch, out _).ShouldBeTrue();
        return batch!.Orders;
    }

    private static string Error(Parsed<BatchBody> body)
    {
        body.TryGet(out _, out var errors).ShouldBeFalse();
        errors!.ByField.Keys.ShouldBe(["body"]);
        return errors.ByField["body"].Single();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
