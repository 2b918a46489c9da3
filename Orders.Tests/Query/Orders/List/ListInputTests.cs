using System.Net;
using System.Text.Json;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ListInputTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=10000", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("merchant_id=", "merchant_id")]
    [InlineData("merchant_id=a%00b", "merchant_id")]
    [InlineData("merchant_id=%00", "merchant_id")]
    [InlineData("customer_id=", "customer_id")]
    [InlineData("status=lost", "status")]
    [InlineData("status=Placed", "status")]
    [InlineData("currency=inr", "currency")]
    [InlineData("currency=XXX", "currency")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-01-31T09:30:00%2B25:00", "to")]
    [InlineData("from=2026-02-01&to=2026-01-31", "from,to")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("cursor=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("merchant=merchant-a", "merchant")]
    [InlineData("Status=placed", "Status")]
    [InlineData("status=placed&status=paid", "status")]
    [InlineData("limit=0&status=lost&currency=x&color=red&from=x", "color,currency,from,limit,status")]
    public async Task Every_parameter_that_is_wrong_is_named(string query, string names)
    {
        using var answer = await fixture.Service.Client.GetAsync($"/v1/orders?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await TestService.ProblemAsync(answer)).GetProperty("errors");
        errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal).ShouldBe(names.Split(','));
        errors.EnumerateObject().ShouldAllBe(error => error.Value[0].GetString()!.Length > 10);
    }

    [Fact]
    public async Task An_over_long_id_is_refused_and_the_longest_is_not()
    {
        (await fixture.Service.Client.GetAsync($"/v1/orders?merchant_id={new string('m', 2_049)}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await fixture.Service.Client.GetAsync($"/v1/orders?merchant_id={new string('m', 2_048)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("status=placed", "status=paid")]
    [InlineData("", "status=paid")]
    [InlineData("status=placed", "")]
    [InlineData("merchant_id=merchant-a", "merchant_id=merchant-b")]
    [InlineData("from=2026-01-31", "from=2026-01-30")]
    public async Task A_cursor_of_another_list_is_refused(string its, string other)
    {
        var cursor = await CursorAsync(fixture.Service.Client, its);

        using var answer = await fixture.Service.Client.GetAsync($"/v1/orders?{other}&cursor={cursor}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestService.ProblemAsync(answer)).GetProperty("errors").GetProperty("cursor")[0].GetString()!.ShouldContain("other filters");
    }

    [Fact]
    public async Task A_cursor_of_a_caller_who_sees_other_merchants_is_refused()
    {
        var cursor = await CursorAsync(fixture.Service.Client, "");

        (await fixture.Service.Limited.GetAsync($"/v1/orders?cursor={cursor}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_cursor_is_good_on_every_instance_of_one_read_model_and_with_any_limit()
    {
        var cursor = await CursorAsync(fixture.Service.Client, "status=placed");
        await using var other = await QueryService.StartAsync(fixture.Stores.Settings);
        await using var otherKey = await QueryService.StartAsync(fixture.Stores.Settings, ("Orders:Query:CursorKey", "sixteen letters or more"));

        (await other.Client.GetAsync($"/v1/orders?limit=3&status=placed&cursor={cursor}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await otherKey.Client.GetAsync($"/v1/orders?limit=3&status=placed&cursor={cursor}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<string> CursorAsync(HttpClient client, string query)
    {
        using var page = JsonDocument.Parse(await client.GetStringAsync($"/v1/orders?limit=2&{query}"));
        return page.RootElement.GetProperty("next_cursor").GetString()!;
    }
}
