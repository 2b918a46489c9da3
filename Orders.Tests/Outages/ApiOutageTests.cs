using System.Net;
using Orders.Tests.Api;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Outages;

public sealed class ApiOutageTests(TestEngines engines, ApiOutageTests.Runs runs) : OutageTests, IClassFixture<ApiOutageTests.Runs>
{
    private const string Service = "Orders.Api";
    private const string Merchant = "merchant-of-the-outage";
    private const string Body = $$"""{"merchant_id":"{{Merchant}}","amount":5,"currency":"INR"}""";
    private const string Key = "the-key";

    public static TheoryData<string, string, bool> Cells() => CellsOf(Service);

    [Theory]
    [MemberData(nameof(Cells))]
    public Task A_request_is_answered_as_the_page_says(string store, string condition, bool isAtStart) =>
        ShouldBeAsThePageSaysAsync(new(Service, store, condition, isAtStart), runs.Of(engines));

    private static async Task<string> RunAsync(TestEngines engines, OutageCell cell)
    {
        await using var stores = await FaultyStores.StartAsync(engines);
        await using var beside = await ApiService.StartAsync(stores.Real);
        var (changed, deleted) = (await beside.PlaceAsync(), await beside.PlaceAsync());

        if (cell.IsAtStart)
        {
            await stores.FailAsync(cell.Store, cell.Condition);
        }

        await using var api = await ApiService.StartAsync(stores.Stores, ("Orders:Store:TimeoutSeconds", "5"));
        if (!cell.IsAtStart)
        {
            await ReadyAsync(api.Client);
            await stores.FailAsync(cell.Store, cell.Condition);
        }

        var words = await Task.WhenAll(
            SendAsync("POST", api, () => ApiService.Post(Body, Key)),
            SendAsync("PATCH", api, () => ApiService.Patch(changed, "paid")),
            SendAsync("DELETE", api, () => ApiService.Delete(deleted)));
        var answer = string.Join(", ", words.Append(await HealthAsync(api.Client, cell)));

        // A bad request, and one of nobody, are what they always are.
        using (var bad = await api.Client.SendAsync(ApiService.Post("{}")))
        {
            (await WordsAsync(bad)).ShouldBe(cell.IsAtStart ? "503" : "400");
        }

        using (var nobody = new HttpClient { BaseAddress = api.Address })
        {
            (await WordsAsync(await nobody.SendAsync(ApiService.Post(Body)))).ShouldBe("401");
        }

        // What was refused was not written; what may have been was written whole, or not at all.
        var written = await beside.ItemsOfAsync(Merchant);
        written.Count.ShouldBe(words[0].Contains("not_carried_out", StringComparison.Ordinal) || written.Count == 0 ? 0 : 2);

        await stores.HealAsync();

        await ReadyAsync(api.Client);
        (await RepeatAsync(api, () => ApiService.Post(Body, Key), HttpStatusCode.Created)).ShouldBe(HttpStatusCode.Created);
        (await RepeatAsync(api, () => ApiService.Patch(changed, "paid"), HttpStatusCode.OK)).ShouldBe(HttpStatusCode.OK);
        await RepeatAsync(api, () => ApiService.Delete(deleted), HttpStatusCode.NoContent, HttpStatusCode.NotFound);
        (await beside.ItemsOfAsync(Merchant)).Count.ShouldBe(2, "one order and its key");
        (await beside.ItemAsync(changed))["status"].S.ShouldBe("paid");
        (await beside.ItemAsync(deleted)).ShouldBeEmpty();
        return answer;
    }

    private static async Task<string> SendAsync(string name, ApiService api, Func<HttpRequestMessage> request)
    {
        using var answer = await api.Client.SendAsync(request()).WaitAsync(Bound);
        var words = $"{name} {await WordsAsync(answer)}";
        return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? $"{words} {(await ApiService.JsonAsync(answer)).GetProperty("outcome").GetString()}" : words;
    }

    private static async Task<HttpStatusCode> RepeatAsync(ApiService api, Func<HttpRequestMessage> request, params HttpStatusCode[] done)
    {
        var status = HttpStatusCode.ServiceUnavailable;
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await api.Client.SendAsync(request());
            status = answer.StatusCode;
            return done.Contains(status);
        });
        return status;
    }

    public sealed class Runs
    {
        private Lazy<IReadOnlyDictionary<OutageCell, Task<string>>>? _all;

        internal Lazy<IReadOnlyDictionary<OutageCell, Task<string>>> Of(TestEngines engines) => _all ??= RunAll(Service, cell => RunAsync(engines, cell));
    }
}
