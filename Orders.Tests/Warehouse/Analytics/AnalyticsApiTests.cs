using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orders.ServiceDefaults.SignIn;
using Orders.Tests.ServiceDefaults;
using Orders.Warehouse.Analytics;
using Shouldly;
using Xunit;
using static Orders.Tests.Warehouse.Embedded.ViewLake;

namespace Orders.Tests.Warehouse.Analytics;

public sealed partial class AnalyticsApiTests : IAsyncLifetime
{
    private AnalyticsService _service = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (number, id, merchants, scopes) in new[] { (0, "analyst", "*", "analytics:read"), (1, "limited", "m-1,m-'x", "analytics:read"), (2, "reader", "*", "orders:read") })
        {
            settings[$"Orders:Keys:{number}:Id"] = id;
            settings[$"Orders:Keys:{number}:Hash"] = ApiKeyHash.Of($"{id}-secret").ToString();
            settings[$"Orders:Keys:{number}:Merchants"] = merchants;
            settings[$"Orders:Keys:{number}:Scopes"] = scopes;
        }

        _service = await AnalyticsService.StartAsync(settings);
        // Questions are about the last thirty days.
        _service.Lake.Write("0-a", [.. new[]
        {
            Change(1, 1, 1, "placed", "placed", "10.10"), Change(1, 2, 2, "changed", "paid", "10.10"), Change(1, 3, 3, "changed", "shipped", "10.10"),
            Change(2, 1, 4, "placed", "placed", "20"), Change(3, 1, 5, "placed", "placed", "5"), Change(3, 2, 6, "changed", "cancelled", "5"),
        }.Select(change => $"SELECT * REPLACE (now() - INTERVAL 1 HOUR AS placed_at) FROM ({change})")]);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Answers_are_for_keys_with_the_scope()
    {
        foreach (var path in new[] { "/v1/analytics", "/v1/analytics/products" })
        {
            (await Client(null).GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await Client("reader").GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await Client("analyst").GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await QueryAsync("reader", "SELECT 1")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Every_question_is_answered_with_its_SQL_and_exact_numbers()
    {
        _service.Lake.WriteTo("merchants_changes/day=2026-11-30/0-a.parquet", Merchant("insert", "m-0", "Zero", 1), Merchant("insert", "m-1", "One", 1));

        (await RowsAsync("analyst", "revenue")).Select(row => row[1..]).ShouldBe([["INR", "30.10000000", "2"]]);
        (await RowsAsync("analyst", "merchants")).ShouldBe([["IN", "Zero", "INR", "20.00000000", "1"], ["IN", "One", "INR", "10.10000000", "1"]]);
        (await RowsAsync("analyst", "products")).ShouldBe([["m-0", "tea", "Tea", "INR", "20.00000000", "2"], ["m-1", "tea", "Tea", "INR", "10.10000000", "2"]]);
        (await RowsAsync("analyst", "funnel")).Select(row => row[..2]).ShouldBe([["placed", "3"], ["paid", "1"], ["shipped", "1"]]);
        (await RowsAsync("analyst", "cancellations")).Select(row => row[1..]).ShouldBe([["1", "3", "33.33"]]);
        (await Client("analyst").GetAsync("/v1/analytics/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_of_some_merchants_gets_theirs_and_no_free_SQL()
    {
        _service.Lake.WriteTo("merchants_changes/day=2026-11-30/0-a.parquet", Merchant("insert", "m-0", "Zero", 1), Merchant("insert", "m-1", "One", 1));
        foreach (var question in Questions.All)
        {
            var answer = JsonSerializer.Serialize(await RowsAsync("limited", question.Id));
            answer.ShouldNotContain("Zero");
        }

        (await RowsAsync("limited", "revenue")).Single()[2].ShouldBe("10.10000000");
        (await RowsAsync("limited", "funnel"))[0][1].ShouldBe("2");
        using var refused = await QueryAsync("limited", "SELECT 1");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TestService.ProblemAsync(refused)).GetProperty("detail").GetString()!.ShouldContain("all merchants");
    }

    [Fact]
    public async Task A_table_that_is_not_in_the_lake_is_named()
    {
        using var answer = await Client("analyst").GetAsync("/v1/analytics/merchants");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("Orders__Warehouse__SqlTables");
    }

    [Theory]
    [InlineData("SELECT * FROM nowhere", HttpStatusCode.UnprocessableEntity, "nowhere does not exist")]
    [InlineData("DROP VIEW orders_current", HttpStatusCode.UnprocessableEntity, "Only one SELECT")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')", HttpStatusCode.UnprocessableEntity, "not allowed")]
    [InlineData(" ", HttpStatusCode.BadRequest, "not valid")]
    public async Task Wrong_SQL_is_a_problem_in_words(string sql, HttpStatusCode status, string words)
    {
        using var answer = await QueryAsync("analyst", sql);

        answer.StatusCode.ShouldBe(status);
        (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain(words);
    }

    [Fact]
    public async Task Free_SQL_is_answered()
    {
        using var answer = await QueryAsync("analyst", "SELECT status, count(*) AS n FROM orders_current GROUP BY ALL ORDER BY 1");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        body.GetProperty("columns")[1].GetProperty("type").GetString().ShouldBe("BIGINT");
        body.GetProperty("rows").GetRawText().ShouldBe("""[["cancelled",1],["placed",1],["shipped",1]]""");
        body.GetProperty("cut").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task No_more_than_two_queries_run_and_sixteen_wait()
    {
        using var gate = new QueryGate(TimeProvider.System);
        var running = new[] { await gate.EnterAsync(default), await gate.EnterAsync(default) };
        var waiting = Enumerable.Range(0, 16).Select(_ => gate.EnterAsync(default)).ToList();

        (await gate.EnterAsync(default)).ShouldBeNull();
        running[0]!.Dispose();

        var first = await Task.WhenAny(waiting);
        (await first).ShouldNotBeNull();
        waiting.Count(each => each.IsCompleted).ShouldBe(1);
    }

    [Fact]
    public async Task The_page_and_all_that_it_names_is_served_to_anybody_and_allows_no_other_source()
    {
        var named = new Queue<string>(["/analytics"]);
        var served = new HashSet<string>(StringComparer.Ordinal);
        while (named.TryDequeue(out var path))
        {
            if (!served.Add(path))
            {
                continue;
            }

            using var answer = await Client(null).GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldBe("default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'");
            var text = await answer.Content.ReadAsStringAsync();
            Addresses().Matches(text).Select(match => match.Value).ShouldAllBe(address => address == "http://www.w3.org/2000/svg", path);
            foreach (Match name in Names().Matches(text))
            {
                named.Enqueue("/analytics/" + name.Groups["file"].Value);
            }
        }

        served.Count.ShouldBe(PageFile.ReadAll().Count, "a file that nothing names");
    }

    private HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = _service.Address };
        client.DefaultRequestHeaders.Authorization = key is null ? null : TestService.Basic(key, $"{key}-secret");
        return client;
    }

    private Task<HttpResponseMessage> QueryAsync(string key, string sql) => Client(key).PostAsJsonAsync("/v1/analytics/query", new { sql });

    private async Task<List<string[]>> RowsAsync(string key, string question)
    {
        using var answer = await Client(key).GetAsync($"/v1/analytics/{question}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        body.GetProperty("sql").GetString()!.ShouldContain("SELECT");
        return [.. body.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.ValueKind == JsonValueKind.String ? cell.GetString()! : cell.GetRawText()).ToArray())];
    }

    [GeneratedRegex("""(?:"analytics/|from '\./)(?<file>[a-z-]+\.(?:js|css|svg))["']""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();

    [GeneratedRegex("""https?://[^\s"'`<]+""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Addresses();
}
