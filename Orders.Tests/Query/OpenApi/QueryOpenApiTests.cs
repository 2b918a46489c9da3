using System.Text.Json;
using Orders.Query.Rows;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class QueryOpenApiTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    // Each route with a request that shows it.
    private static readonly (string Path, string Request)[] Routes =
    [
        ("/v1/orders/{id}", "/v1/orders/{order}"),
        ("/v1/orders", "/v1/orders?merchant_id=merchant-a&customer_id=customer-1"),
        ("/v1/orders/by-customer", "/v1/orders/by-customer?ids=merchant-a/customer-1"),
        ("/v1/orders/{id}/history", "/v1/orders/{order}/history"),
        ("/v1/customers/{id}", "/v1/customers/customer-1?merchant_id=merchant-a"),
        ("/v1/customers", "/v1/customers?ids=merchant-a/customer-1"),
        ("/v1/products/{id}", "/v1/products/product-1?merchant_id=merchant-a"),
        ("/v1/products", "/v1/products?ids=merchant-a/product-1"),
        ("/v1/totals/hourly", "/v1/totals/hourly?currency=INR&from=2026-01-31T09:00:00Z&to=2026-01-31T10:00:00Z"),
        ("/v1/status", "/v1/status"),
        ("/v1/whoami", "/v1/whoami"),
    ];

    [Fact]
    public async Task Every_route_and_every_answer_has_an_example()
    {
        foreach (var (path, operation) in await OperationsAsync())
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(path);
            operation.GetProperty("operationId").GetString().ShouldNotBeNullOrEmpty(path);
            if (operation.TryGetProperty("parameters", out var parameters))
            {
                parameters.EnumerateArray().ShouldAllBe(parameter => parameter.GetProperty("example").ToString() != "", path);
            }

            foreach (var answer in operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Name != "304"))
            {
                answer.Value.GetProperty("content").EnumerateObject().First().Value.TryGetProperty("example", out _).ShouldBeTrue($"{path} {answer.Name}");
            }
        }
    }

    [Fact]
    public async Task Every_answer_says_of_when_it_is_in_the_document_too()
    {
        foreach (var (path, operation) in await OperationsAsync())
        {
            operation.GetProperty("responses").GetProperty("200").GetProperty("headers").EnumerateObject().Select(header => header.Name)
                .ShouldBe(["X-As-Of", "X-Replication-Lag"], path);
        }
    }

    [Fact]
    public async Task Examples_have_the_members_that_answers_have()
    {
        var operations = await OperationsAsync();
        var order = fixture.Orders.First(one => one is { MerchantId: "merchant-a", CustomerId: "customer-1", Items.Count: > 0 });
        await fixture.Stores.RememberAsync(order with { Version = 1 }, "placed");
        await fixture.Stores.RememberAsync(order with { Version = 2, Amount = 1 }, "changed");

        foreach (var (path, request) in Routes)
        {
            var example = operations[path].GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
            var answer = await fixture.Service.Client.JsonAsync(request.Replace("{order}", order.OrderId.ToString(), StringComparison.Ordinal));
            Shape(example).ShouldBe(Shape(answer), path);
        }
    }

    [Fact]
    public async Task Every_parameter_that_a_route_takes_is_described()
    {
        var operations = await OperationsAsync();

        foreach (var (path, request) in Routes.Where(route => route.Path is not ("/v1/status" or "/v1/whoami")))
        {
            var described = operations[path].GetProperty("parameters").EnumerateArray()
                .Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString());
            var errors = await fixture.Service.Client.ErrorsAsync($"{request.Replace("{order}", OrderExamples.OrderId, StringComparison.Ordinal).Split('?')[0]}?unknown=1");
            described.Order(StringComparer.Ordinal)
                .ShouldBe(errors["unknown"].Split("Known are ")[1].TrimEnd('.').Split(", ").Order(StringComparer.Ordinal), path);
        }
    }

    [Fact]
    public async Task Numbers_are_described_as_the_exact_ones_that_they_are()
    {
        var schemas = (await fixture.Service.Client.JsonAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        schemas.GetProperty("ExactNumber").GetProperty("type").GetString().ShouldBe("number");
        foreach (var amount in new[] { schemas.GetProperty("Order").GetProperty("properties").GetProperty("amount"), schemas.GetProperty("OrderLine").GetProperty("properties").GetProperty("unit_price") })
        {
            (amount.GetProperty("type").GetString(), amount.TryGetProperty("format", out _)).ShouldBe(("number", false));
        }

        var version = schemas.GetProperty("Order").GetProperty("properties").GetProperty("version");
        (version.GetProperty("type").GetString(), version.GetProperty("format").GetString()).ShouldBe(("integer", "int64"));
    }

    // The members of an object, and of the fullest of an array's objects.
    private static string Shape(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(", ", json.EnumerateObject().Select(member => $"{member.Name}{Shape(member.Value)}"))}}}",
        JsonValueKind.Array when json.GetArrayLength() > 0 => $"[{json.EnumerateArray().Select(Shape).MaxBy(shape => shape.Length)}]",
        _ => "",
    };

    private async Task<Dictionary<string, JsonElement>> OperationsAsync()
    {
        var document = await fixture.Service.Client.JsonAsync("/openapi/v1.json");
        var operations = document.GetProperty("paths").EnumerateObject().Where(path => Routes.Any(route => route.Path == path.Name))
            .ToDictionary(path => path.Name, path => path.Value.GetProperty("get"), StringComparer.Ordinal);
        operations.Count.ShouldBe(Routes.Length);
        return operations;
    }
}
