using System.Text;
using Orders.Api.ChangeStatus;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.ChangeStatus;

public sealed class StatusRequestReaderTests
{
    [Theory]
    [InlineData("placed", OrderStatus.Placed)]
    [InlineData("paid", OrderStatus.Paid)]
    [InlineData("shipped", OrderStatus.Shipped)]
    [InlineData("completed", OrderStatus.Completed)]
    [InlineData("cancelled", OrderStatus.Cancelled)]
    public void Every_status_is_read_by_its_name(string name, OrderStatus status) =>
        StatusRequestReader.Read(Utf8($$"""{"status":"{{name}}"}""")).Value!.Status.ShouldBe(status);

    [Theory]
    [InlineData("body", "", "is missing")]
    [InlineData("body", "paid", "cannot be read as JSON")]
    [InlineData("body", "\"paid\"", "must be a JSON object")]
    [InlineData("body", "{\"status\":\"paid\"}}", "something stands behind its end")]
    [InlineData("status", "{}", "is required and must be one of placed, paid, shipped, completed, cancelled")]
    [InlineData("status", "{\"status\":null}", "is required")]
    [InlineData("status", "{\"status\":1}", "must be a string")]
    [InlineData("status", "{\"status\":\"Paid\"}", "must be one of")]
    [InlineData("status", "{\"status\":\"\"}", "must not be empty")]
    [InlineData("status", "{\"status\":\"\\ud800\"}", "not valid Unicode")]
    [InlineData("status", "{\"status\":\"paid\",\"status\":\"paid\"}", "more than once")]
    [InlineData("version", "{\"status\":\"paid\",\"version\":2}", "only status can")]
    public void A_bad_field_is_named(string field, string body, string message)
    {
        StatusRequestReader.Read(Utf8(body)).TryGet(out _, out var errors).ShouldBeFalse();

        errors!.ByField.Keys.ShouldBe([field]);
        errors.ByField[field].ShouldHaveSingleItem().ShouldContain(message);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
