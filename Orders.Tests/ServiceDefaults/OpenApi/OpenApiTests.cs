using System.Text.Json;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_is_open_and_says_how_to_sign_in()
    {
        await using var service = await TestService.StartAsync(TestService.Production, TestService.Key());

        var document = JsonDocument.Parse(await service.Anonymous.GetStringAsync("/openapi/v1.json")).RootElement;

        document.GetProperty("info").GetProperty("title").GetString().ShouldBe("orders-test");
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        schemes.GetProperty("basic").GetProperty("scheme").GetString().ShouldBe("basic");
        schemes.GetProperty("apiKey").GetProperty("name").GetString().ShouldBe("X-Api-Key");
        schemes.GetProperty("apiKey").GetProperty("in").GetString().ShouldBe("header");
    }

    [Fact]
    public async Task An_operation_names_the_scope_it_asks_for()
    {
        await using var service = await TestService.StartAsync();

        var document = JsonDocument.Parse(await service.Anonymous.GetStringAsync("/openapi/v1.json")).RootElement;

        var operation = document.GetProperty("paths").GetProperty("/who").GetProperty("get");
        var alternatives = operation.GetProperty("security").EnumerateArray().ToList();
        alternatives.Count.ShouldBe(3);
        alternatives[0].GetProperty("basic")[0].GetString().ShouldBe(Scopes.OrdersRead);
        alternatives[1].GetProperty("apiKey")[0].GetString().ShouldBe(Scopes.OrdersRead);
        alternatives[2].GetProperty("bearer")[0].GetString().ShouldBe(Scopes.OrdersRead);
        operation.GetProperty("responses").TryGetProperty("401", out _).ShouldBeTrue();
        document.GetProperty("paths").TryGetProperty("/health/live", out _).ShouldBeFalse();
    }
}
