using System.Net;
using Orders.Domain.Cache;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Outages;

public sealed class QueryOutageTests(TestEngines engines, QueryOutageTests.Runs runs) : OutageTests, IClassFixture<QueryOutageTests.Runs>
{
    private const string Service = "Orders.Query";

    public static TheoryData<string, string, bool> Cells() => CellsOf(Service);

    [Theory]
    [MemberData(nameof(Cells))]
    public Task A_read_is_answered_as_the_page_says(string store, string condition, bool isAtStart) =>
        ShouldBeAsThePageSaysAsync(new(Service, store, condition, isAtStart), runs.Of(engines));

    private static async Task<string> RunAsync(TestEngines engines, OutageCell cell)
    {
        await using var stores = await FaultyStores.StartAsync(engines, ownRedis: cell.Condition == OutageCell.Memory);
        await using var model = await ReadStores.OnAsync(stores.Direct);
        var (cached, stored) = (Sample.Order(), Sample.Order());
        await model.StoreAsync(cached);
        await model.StoreAsync(stored);
        await model.CacheAsync(cached);
        using var over = new CancellationTokenSource();
        var beating = model.BeatAsync(over.Token);

        if (cell.IsAtStart)
        {
            await stores.FailAsync(cell.Store, cell.Condition);
        }

        await using var query = await QueryService.StartAsync(stores.Stores.Settings, ("Logging:LogLevel:Default", "None"));
        if (!cell.IsAtStart)
        {
            await ReadyAsync(query.Client);
            await Eventually.HoldsAsync(async () => await ReadAsync(query, cached.OrderId) == "200 from redis");
            // Its beats are known, and that it lives.
            await Task.Delay(2 * OrderCache.TrustLifetime, CancellationToken.None);
            await stores.FailAsync(cell.Store, cell.Condition);
        }

        var answer = $"a cached order {await ReadAsync(query, cached.OrderId)}, another {await ReadAsync(query, stored.OrderId)}, a list {await SendAsync(query, "/v1/orders?limit=1")}, {await HealthAsync(query.Client, cell)}";
        (await SendAsync(query, "/v1/status")).ShouldBe("200", "how it is, it always says");
        (await SendAsync(query, "/v1/orders?limit=none")).ShouldBe("400");

        await stores.HealAsync();

        await ReadyAsync(query.Client);
        await Eventually.HoldsAsync(async () => await SendAsync(query, "/v1/orders?limit=1") == "200");
        await Eventually.HoldsAsync(async () => await ReadAsync(query, stored.OrderId) is "200 from postgres" or "200 from redis");
        await Eventually.HoldsAsync(async () => await ReadAsync(query, cached.OrderId) == "200 from redis");
        await over.CancelAsync();
        await beating;
        await query.StopAsync();
        return answer;
    }

    private static async Task<string> ReadAsync(QueryService query, Guid orderId)
    {
        using var answer = await query.Client.GetAsync($"/v1/orders/{orderId}").WaitAsync(Bound);
        var words = await WordsAsync(answer);
        return answer.StatusCode == HttpStatusCode.OK ? $"{words} from {answer.Headers.GetValues("X-Served-By").Single()}" : words;
    }

    private static async Task<string> SendAsync(QueryService query, string path)
    {
        using var answer = await query.Client.GetAsync(path).WaitAsync(Bound);
        return await WordsAsync(answer);
    }

    public sealed class Runs
    {
        private Lazy<IReadOnlyDictionary<OutageCell, Task<string>>>? _all;

        internal Lazy<IReadOnlyDictionary<OutageCell, Task<string>>> Of(TestEngines engines) => _all ??= RunAll(Service, cell => RunAsync(engines, cell));
    }
}
