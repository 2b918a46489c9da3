using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class WhoAmITests(QueryFixture fixture) : IClassFixture<QueryFixture>
{
    [Fact]
    public async Task A_key_is_told_what_it_is()
    {
        (await JsonAsync(fixture.Service.Limited)).ShouldBe("""{"key_id":"limited","merchants":["merchant-a","merchant-b"],"scopes":["orders:read"]}""");
        (await JsonAsync(fixture.Service.Client)).ShouldBe("""{"key_id":"everyone","merchants":["*"],"scopes":["orders:read"]}""");
    }

    [Fact]
    public async Task Nobody_is_told_nothing()
    {
        using var nobody = new HttpClient { BaseAddress = fixture.Service.Address };

        (await nobody.GetAsync("/v1/whoami")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<string> JsonAsync(HttpClient client) => JsonSerializer.Serialize(JsonElement.Parse(await client.GetStringAsync("/v1/whoami")));
}
