using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class GetHourlyTotalsTests(QueryFixture fixture) : IClassFixture<QueryFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Nine = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _client = fixture.Service.Client;

    public async ValueTask InitializeAsync()
    {
        await fixture.Stores.ExecuteAsync("TRUNCATE orders, order_items, hourly_totals");
        foreach (var order in new[]
        {
            Sample.Order("merchant-a", lines: 1, placedAt: Nine),
            Sample.Order("merchant-a", lines: 2, placedAt: Nine.AddMinutes(59)),
            Sample.Order("merchant-a", lines: 3, placedAt: Nine.AddHours(2)),
            Sample.Order("merchant-a", lines: 4, placedAt: Nine, status: OrderStatus.Cancelled),
            Sample.Order("merchant-b", lines: 5, placedAt: Nine, currency: "JPY"),
            Sample.Order("merchant-z", lines: 7, placedAt: Nine),
        })
        {
            await fixture.Stores.StoreAsync(order);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_hour_has_its_row_and_the_empty_ones_are_zero()
    {
        var totals = await _client.JsonAsync("/v1/totals/hourly?merchant_id=merchant-a&from=2026-01-31T08:00:00Z&to=2026-01-31T12:00:00Z");

        totals.GetRawText().ShouldBe(
            """{"merchant_id":"merchant-a","from":"2026-01-31T08:00:00.000Z","to":"2026-01-31T12:00:00.000Z","hours":[""" +
            """{"hour":"2026-01-31T08:00:00.000Z","orders":0,"amounts":[]},""" +
            """{"hour":"2026-01-31T09:00:00.000Z","orders":2,"amounts":[{"currency":"INR","orders":2,"amount":300.00}]},""" +
            """{"hour":"2026-01-31T10:00:00.000Z","orders":0,"amounts":[]},""" +
            """{"hour":"2026-01-31T11:00:00.000Z","orders":1,"amounts":[{"currency":"INR","orders":1,"amount":300.00}]}]}""");
    }

    [Fact]
    public async Task With_a_currency_every_hour_has_an_amount_of_it()
    {
        var totals = await _client.JsonAsync("/v1/totals/hourly?currency=JPY&from=2026-01-31T08:00:00Z&to=2026-01-31T10:00:00Z");

        totals.GetProperty("hours").EnumerateArray().Select(hour => hour.GetProperty("amounts").GetRawText())
            .ShouldBe(["""[{"currency":"JPY","orders":0,"amount":0}]""", """[{"currency":"JPY","orders":1,"amount":500}]"""]);
    }

    [Theory]
    [InlineData("2026-01-31T14:30:00%2B05:30", "2026-01-31T16:30:00%2B05:30", 9, 2)]
    [InlineData("2026-01-31T14:30:00+05:30", "2026-01-31T15:30:00+05:30", 9, 1)]
    [InlineData("2026-01-31T15:00:00%2B05:30", "2026-01-31T15:30:00%2B05:30", 9, 1)]
    [InlineData("2026-01-31T14:29:59.999%2B05:30", "2026-01-31T15:30:00.001%2B05:30", 8, 3)]
    [InlineData("2026-01-31T04:00:00-05:00", "2026-01-31T05:00:00-05:00", 9, 1)]
    [InlineData("2026-01-31T14:45:00%2B05:45", "2026-01-31T15:45:00%2B05:45", 9, 1)]
    [InlineData("2026-01-31T09:00", "2026-01-31T10:00", 9, 1)]
    public async Task An_hour_that_a_bound_cuts_counts_whole_whatever_the_offset(string from, string to, int first, int count)
    {
        var totals = await _client.JsonAsync($"/v1/totals/hourly?merchant_id=merchant-a&from={from}&to={to}");

        var hours = Enumerable.Range(first, count).Select(hour => $"2026-01-31T{hour:00}:00:00.000Z").ToList();
        totals.GetProperty("hours").Texts("hour").ShouldBe(hours);
        totals.GetProperty("from").GetString().ShouldBe(hours[0]);
        totals.GetProperty("to").GetString().ShouldBe($"2026-01-31T{first + count:00}:00:00.000Z");
        totals.GetProperty("hours").EnumerateArray().Single(hour => hour.GetProperty("hour").GetString() == hours[Math.Max(0, 9 - first)])
            .GetProperty("orders").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("&merchant_id=merchant-a", 2)]
    [InlineData("&merchant_id=merchant-z", 0)]
    public async Task A_key_sees_its_own_merchants_totals_together_or_one_of_them(string filter, long orders)
    {
        const string nine = "/v1/totals/hourly?from=2026-01-31T09:00:00Z&to=2026-01-31T10:00:00Z";

        Orders(await fixture.Service.Limited.JsonAsync(nine + filter)).ShouldBe(orders);
        Orders(await _client.JsonAsync(nine)).ShouldBe(4);

        static long Orders(JsonElement totals) => totals.GetProperty("hours")[0].GetProperty("orders").GetInt64();
    }

    [Fact]
    public async Task An_hour_whose_orders_are_all_gone_is_empty_again()
    {
        await fixture.Stores.ExecuteAsync("DELETE FROM orders WHERE merchant_id = 'merchant-b'");

        var totals = await _client.JsonAsync("/v1/totals/hourly?merchant_id=merchant-b&from=2026-01-31T09:00:00Z&to=2026-01-31T10:00:00Z");

        totals.GetProperty("hours")[0].GetRawText().ShouldBe("""{"hour":"2026-01-31T09:00:00.000Z","orders":0,"amounts":[]}""");
    }

    [Fact]
    public async Task Without_bounds_it_is_the_day_that_ends_with_the_current_hour()
    {
        var now = fixture.Service.Services.GetRequiredService<TimeProvider>().GetUtcNow();

        var totals = await _client.JsonAsync("/v1/totals/hourly");

        totals.GetProperty("hours").GetArrayLength().ShouldBe(24);
        totals.GetProperty("to").GetDateTimeOffset().ShouldBeGreaterThan(now);
        totals.GetProperty("to").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(now.AddHours(2));
    }

    [Theory]
    [InlineData("from=2026-01-31", "to")]
    [InlineData("to=2026-01-31", "from")]
    [InlineData("from=2026-01-31&to=2026-01-30", "from,to")]
    [InlineData("from=2026-01-31&to=2026-01-31", "to")]
    [InlineData("from=2026-01-01&to=2026-02-01T00:00:01Z", "to")]
    [InlineData("from=9999-12-31&to=9999-12-31T23:30:00Z", "to")]
    [InlineData("from=0001-01-01&to=9999-12-31", "to")]
    [InlineData("from=now&to=2026-01-31T00:00:00%2B99:00&currency=rupee&merchant_id=%00", "currency,from,merchant_id,to")]
    public async Task Bounds_that_are_wrong_are_named(string query, string names) =>
        (await _client.ErrorsAsync($"/v1/totals/hourly?{query}")).Keys.Order(StringComparer.Ordinal).ShouldBe(names.Split(','));

    [Theory]
    [InlineData("from=2026-01-01&to=2026-02-01", 744)]
    [InlineData("from=2026-01-01T00:30:00Z&to=2026-02-01T00:30:00Z", 745)]
    [InlineData("from=0001-01-01&to=0001-01-02", 24)]
    [InlineData("from=9999-12-31&to=9999-12-31T22:30:00Z", 23)]
    public async Task The_longest_and_the_farthest_ranges_are_answered(string query, int hours) =>
        (await _client.JsonAsync($"/v1/totals/hourly?{query}")).GetProperty("hours").GetArrayLength().ShouldBe(hours);
}
