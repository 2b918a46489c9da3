using System.Text;
using System.Text.Json;
using Orders.Api.Batch;
using Orders.Api.ChangeStatus;
using Orders.Api.OpenApi;
using Orders.Api.Place;
using Orders.Domain.Fields;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.OpenApi;

public sealed class OpenApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Every_endpoint_is_described_with_its_body_and_its_answers()
    {
        using var answer = await fixture.Service.Client.GetAsync("/openapi/v1.json");
        var paths = (await ApiService.JsonAsync(answer)).GetProperty("paths");

        Operation(paths, "/v1/orders", "post").ShouldBe(("PlaceOrder", "application/json", "201 400 401 403 409 413 415 422 429 503"));
        Operation(paths, "/v1/orders/batch", "post").ShouldBe(("PlaceOrders", "application/x-ndjson application/json", "200 400 401 403 413 415 429 503"));
        Operation(paths, "/v1/orders/{id}", "patch").ShouldBe(("ChangeOrderStatus", "application/json", "200 400 401 403 404 409 412 415 429 503"));
        Operation(paths, "/v1/orders/{id}", "delete").ShouldBe(("DeleteOrder", "", "204 400 401 403 404 409 412 429 503"));
    }

    [Fact]
    public async Task Money_is_described_as_a_number_and_neither_as_a_double_nor_as_text()
    {
        using var answer = await fixture.Service.Client.GetAsync("/openapi/v1.json");
        var body = (await ApiService.JsonAsync(answer)).GetProperty("paths").GetProperty("/v1/orders").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties");

        foreach (var money in (JsonElement[])[body.GetProperty("amount"), body.GetProperty("items").GetProperty("items").GetProperty("properties").GetProperty("unit_price")])
        {
            money.GetProperty("type").ToString().ShouldContain("number");
            money.GetProperty("type").ToString().ShouldNotContain("string");
            money.TryGetProperty("format", out _).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task The_body_has_the_fields_that_are_declared_to_be_in_a_request()
    {
        using var answer = await fixture.Service.Client.GetAsync("/openapi/v1.json");
        var body = (await ApiService.JsonAsync(answer)).GetProperty("paths").GetProperty("/v1/orders").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties");

        Names(body).ShouldBe([.. OrderFields.Columns.Where(field => field.IsInRequest).Select(field => field.Name), OrderFields.Items.Name], ignoreOrder: true);
        Names(body.GetProperty("items").GetProperty("items").GetProperty("properties"))
            .ShouldBe(LineFields.Columns.Where(field => field.IsInRequest).Select(field => field.Name), ignoreOrder: true);
    }

    [Fact]
    public void The_examples_are_what_the_readers_take()
    {
        OrderRequestReader.Read(Utf8(WriteExamples.Order)).Value.ShouldNotBeNull();
        BatchBody.ReadArray(Utf8(WriteExamples.Orders)).Value!.Orders.ShouldAllBe(order => order.Value != null);
        BatchBody.ReadLines(Utf8(WriteExamples.OrderLines)).Value!.Orders.Select(order => order.Value is not null).ShouldBe([true, false]);
        StatusRequestReader.Read(Utf8(WriteExamples.Status)).Value.ShouldNotBeNull();
        BatchBody.ReadLines(Utf8(WriteExamples.OrderLines)).Value!.Orders[1].Errors!.ByField["amount"].ShouldBe(["must be more than 0"]);
        WriteExamples.AnswerLines.ShouldContain("""{"index":1,"status":400,"errors":{"amount":["must be more than 0"]}}""");
    }

    private static IEnumerable<string> Names(JsonElement properties) => properties.EnumerateObject().Select(property => property.Name);

    private static (string Name, string Bodies, string Statuses) Operation(JsonElement paths, string path, string method)
    {
        var operation = paths.GetProperty(path).GetProperty(method);
        operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
        operation.GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
        var bodies = operation.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().ToList() : [];
        bodies.ShouldAllBe(one => one.Value.GetProperty("example").ToString() != "");
        return (operation.GetProperty("operationId").GetString()!, string.Join(' ', bodies.Select(one => one.Name)),
            string.Join(' ', operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal)));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
