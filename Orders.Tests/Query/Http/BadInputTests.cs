using System.Net;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>Every route against everything that may be wrong with a request.</summary>
public sealed class BadInputTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    private const string Id = "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a";

    // The route, a request that it takes, and its parameters.
    private static readonly (string Path, string Query, string Parameters)[] Routes =
    [
        ($"/v1/orders/{Id}", "", "min_version"),
        ("/v1/orders", "", "merchant_id customer_id status currency from to limit cursor ids"),
        ("/v1/orders/by-customer", "ids=merchant-a/c", "ids merchant_id limit_each status currency from to"),
        ($"/v1/orders/{Id}/history", "", "limit after_version"),
        ("/v1/customers/c", "", "merchant_id"),
        ("/v1/customers", "ids=merchant-a/c", "ids merchant_id"),
        ("/v1/products/p", "", "merchant_id"),
        ("/v1/products", "ids=merchant-a/p", "ids merchant_id"),
        ("/v1/totals/hourly", "", "merchant_id currency from to"),
    ];

    // Wrong for every parameter there is.
    private static readonly string[] Wrong =
    [
        "", "%00", "a%00b", "%20", "%ff%fe", "%F0%9F%92%A9", "%E2%80%AE", "-1", "1e3", "99999999999999999999", "a'%3B--", "../../..", "%25", "{}", "null", new('x', 5_000),
    ];

    // An id of a merchant, a customer or a product may be anything but these.
    private static readonly string[] Ids = ["merchant_id", "customer_id", "ids"];
    private static readonly string[] NoIds = ["", "%00", "a%00b", new('x', 5_000)];

    public static TheoryData<string, string> Parameters()
    {
        var data = new TheoryData<string, string>();
        foreach (var (path, _, parameters) in Routes)
        {
            foreach (var parameter in parameters.Split(' '))
            {
                data.Add(path, parameter);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task A_wrong_value_is_400_and_its_parameter_is_named(string path, string parameter)
    {
        foreach (var value in Wrong)
        {
            if (Ids.Contains(parameter, StringComparer.Ordinal) && !NoIds.Contains(value, StringComparer.Ordinal) && (path, parameter) != ("/v1/orders", "ids"))
            {
                continue;
            }

            foreach (var client in new[] { fixture.Service.Client, fixture.Service.Limited })
            {
                var errors = await client.ErrorsAsync($"{path}?{With(path, parameter, value)}");
                errors.Keys.ShouldContain(parameter, $"{parameter}={value}");
                errors[parameter].Length.ShouldBeInRange(10, 400);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task A_parameter_that_is_there_twice_is_400(string path, string parameter)
    {
        var errors = await fixture.Service.Client.ErrorsAsync($"{path}?{With(path, parameter, "1")}&{parameter}=1");

        errors[parameter].ShouldContain("more than once");
    }

    [Fact]
    public async Task A_parameter_that_is_not_known_is_400_and_the_known_ones_are_told()
    {
        foreach (var (path, query, parameters) in Routes)
        {
            foreach (var unknown in new[] { "colour", "Limit", "limit ", "merchant", "$where", "" })
            {
                var errors = await fixture.Service.Client.ErrorsAsync($"{path}?{query}&{Uri.EscapeDataString(unknown)}=1");
                errors[unknown].ShouldContain(parameters.Split(' ')[0]);
            }
        }
    }

    [Theory]
    [InlineData("/v1/orders/{0}")]
    [InlineData("/v1/orders/{0}/history")]
    [InlineData("/v1/customers/{0}")]
    [InlineData("/v1/products/{0}")]
    public async Task What_is_no_id_in_the_path_is_the_id_of_nothing(string path)
    {
        foreach (var id in new[] { "%00", "a%00b", "%20", "%F0%9F%92%A9", "a%2Fb", "a'--", "%25", "..%2F..", new string('x', 5_000) })
        {
            using var answer = await fixture.Service.Client.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id));
            ((int)answer.StatusCode).ShouldBeInRange(400, 404, id);
        }
    }

    [Theory]
    [InlineData("/v1/orders?from=2026-02-01&to=2026-01-31")]
    [InlineData("/v1/orders/by-customer?ids=c&from=2026-02-01&to=2026-01-31")]
    [InlineData("/v1/totals/hourly?from=2026-02-01&to=2026-01-31")]
    public async Task Bounds_the_wrong_way_round_are_both_named(string path) =>
        (await fixture.Service.Client.ErrorsAsync(path)).Keys.Order(StringComparer.Ordinal).ShouldBe(["from", "to"]);

    [Theory]
    [InlineData("/v1/orders?ids=")]
    [InlineData("/v1/orders/by-customer?merchant_id=merchant-a&ids=")]
    [InlineData("/v1/customers?ids=")]
    [InlineData("/v1/products?ids=")]
    public async Task Too_many_ids_are_400_and_so_is_an_empty_one(string path)
    {
        (await fixture.Service.Client.ErrorsAsync($"{path}{string.Join(',', Enumerable.Repeat("a", 101))}"))["ids"].ShouldContain("more than 100");
        (await fixture.Service.Client.ErrorsAsync($"{path}{new string(',', 20_000)}"))["ids"].ShouldContain("more than 100");
        (await fixture.Service.Client.ErrorsAsync($"{path},,"))["ids"].ShouldContain("place");
    }

    [Theory]
    [InlineData("/v1/customers")]
    [InlineData("/v1/products")]
    [InlineData("/v1/orders/by-customer")]
    public async Task Many_without_ids_is_400(string path) => (await fixture.Service.Client.ErrorsAsync(path))["ids"].ShouldContain("missing");

    [Fact]
    public async Task A_hundred_of_the_longest_ids_fit_a_request_and_what_is_longer_still_is_no_server_error()
    {
        var longest = Enumerable.Range(100, 100).Select(number => $"{new string(':', 128)}/{new string('@', 125)}{number}");
        (await fixture.Service.Client.JsonAsync($"/v1/customers?ids={Uri.EscapeDataString(string.Join(',', longest))}")).GetProperty("customers").GetArrayLength().ShouldBe(0);

        using var answer = await fixture.Service.Client.GetAsync($"/v1/customers?ids={new string('x', 100_000)}");
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestUriTooLong);
    }

    [Fact]
    public async Task A_request_with_everything_wrong_names_everything()
    {
        var errors = await fixture.Service.Client.ErrorsAsync("/v1/orders?merchant_id=%00&customer_id=a%00b&status=x&currency=x&from=x&to=x&limit=0&colour=red");

        errors.Keys.Order(StringComparer.Ordinal).ShouldBe(["colour", "currency", "customer_id", "from", "limit", "merchant_id", "status", "to"]);
    }

    private static string With(string path, string parameter, string value)
    {
        var query = Routes.Single(route => route.Path == path).Query;
        return query.StartsWith($"{parameter}=", StringComparison.Ordinal) || query.Length == 0 ? $"{parameter}={value}" : $"{query}&{parameter}={value}";
    }
}
