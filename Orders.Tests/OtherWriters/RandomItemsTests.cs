using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dapper;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Commands;
using Orders.Sync;
using Orders.Tests.Engines;
using Orders.Tests.GraphQL;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.OtherWriters;

/// <summary>
/// Random items by a writer that knows no rules, through everything: nothing stops, nothing is a 500, every
/// item is read as it is or set aside with words, and <c>reconcile</c> agrees. <c>ORDERS_ITEMS_SEED=7</c>
/// takes another seed than the usual one.
/// </summary>
public sealed class RandomItemsTests(TestEngines engines)
{
    private const int Orders = 250;

    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("ORDERS_ITEMS_SEED"), out var seed) ? seed : 1;

    [Fact]
    public async Task Whatever_is_put_is_read_as_it_is_or_set_aside_with_words_and_nothing_stops()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"ORDERS_ITEMS_SEED={Seed}");
        var stores = await engines.CreateStoresAsync();
        // A snapshot would bring what waits behind a dead letter from the table itself, or not, as it comes.
        await using var system = await OrdersSystem.StartAsync(stores, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Sync:Snapshot:Automatic"] = "false" });
        using var table = StreamTable.Client(stores);
        var states = await WriteAsync(table, stores.Table);
        var last = SampleOrders.Placed();
        await table.PutItemAsync(stores.Table, OrderItem.From(last));

        await Eventually.HoldsAsync(async () => (await GetAsync(system.Query, $"/v1/orders/{last.OrderId}")).Status == HttpStatusCode.OK);
        await SettledAsync(stores.Postgres);
        var letters = await LettersAsync(stores.Postgres);
        foreach (var (orderId, written) in states)
        {
            await CheckOneAsync(system, orderId, written, letters);
        }

        await CheckListsAsync(system, states);
        await CheckGraphQLAsync(system, states.Keys);
        await CheckReconcileAsync(system, stores);
        await CheckWritesAsync(system, states.Keys);
    }

    /// <summary>
    /// Puts each order's item up to four times, and deletes some in between. Another sort key makes another
    /// item, which is no state of the order.
    /// </summary>
    private static async Task<Dictionary<Guid, List<Dictionary<string, AttributeValue>?>>> WriteAsync(AmazonDynamoDBClient table, string name)
    {
        var items = new RandomItems(Seed);
        var states = new Dictionary<Guid, List<Dictionary<string, AttributeValue>?>>();
        for (var i = 0; i < Orders; i++)
        {
            var orderId = Guid.CreateVersion7();
            var written = states[orderId] = [];
            do
            {
                if (written is [.., not null] && items.Chance(25))
                {
                    await table.DeleteItemAsync(name, OrderItem.Key(orderId));
                    written.Add(null);
                    continue;
                }

                var item = items.Next(orderId);
                if (await TryPutAsync(table, name, item) && item[OrderAttributes.Sk].S == OrderItem.SortKey)
                {
                    written.Add(item);
                }
            }
            while (written.Count < 5 && items.Chance(50));
        }

        return states;
    }

    // What DynamoDB does not take either is nobody's.
    private static async Task<bool> TryPutAsync(AmazonDynamoDBClient table, string name, Dictionary<string, AttributeValue> item)
    {
        try
        {
            await table.PutItemAsync(name, item);
            return true;
        }
        catch (AmazonDynamoDBException refused) when (refused.StatusCode == HttpStatusCode.BadRequest)
        {
            return false;
        }
    }

    private static async Task CheckOneAsync(OrdersSystem system, Guid orderId, List<Dictionary<string, AttributeValue>?> written, ILookup<Guid, string?> letters)
    {
        foreach (var item in written.OfType<Dictionary<string, AttributeValue>>())
        {
            if (OrderItem.TryRead(item, out var order, out _))
            {
                order.ShouldSayWhatWasPut(item);
            }
        }

        var (allowed, set) = Follow(written);
        var (status, body) = await GetAsync(system.Query, $"/v1/orders/{orderId}");
        var history = await GetAsync(system.Query, $"/v1/orders/{orderId}/history");
        history.Status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.NotFound], history.Body);
        letters[orderId].Count().ShouldBe(set, $"set aside of {orderId}: {Told(written)}");
        if (set > 0)
        {
            letters[orderId].First().ShouldNotBeNullOrWhiteSpace();
        }

        var read = status == HttpStatusCode.NotFound ? null : body;
        allowed.Select(order => order is null ? null : System.Text.Encoding.UTF8.GetString(OrderJson.Render(order))).ShouldContain(read, $"{status} of {orderId}: {Told(written)}");
    }

    /// <summary>
    /// What an order's states come to: what may be read of it in the end, and how many of its records are
    /// set aside. Where it goes without a record that can be read or applied, the table is asked, which may
    /// have a later state by then; one that is broken says nothing.
    /// </summary>
    private static (IReadOnlyList<Order?> Allowed, int SetAside) Follow(List<Dictionary<string, AttributeValue>?> written)
    {
        var (allowed, set) = (new List<Order?> { null }, 0);
        var isAsked = false;
        for (var i = 0; i < written.Count; i++)
        {
            var (order, fault) = Read(written[i]);
            var isGone = written[i] is null ? Read(written[i - 1]).Order is null : fault?.Kind == ItemFaultKind.OtherEntity;
            if (isGone)
            {
                (allowed, isAsked) = (written.Skip(i + 1).Any(later => Read(later).Fault is { Kind: not ItemFaultKind.OtherEntity }) ? [null, .. allowed] : [null], true);
            }
            else if (fault is not null || set > 0)
            {
                set++;
            }
            else
            {
                allowed = [order];
            }

            if (isAsked && order is not null)
            {
                allowed.Add(order);
            }
        }

        return (allowed, set);

        static (Order? Order, ItemFault? Fault) Read(Dictionary<string, AttributeValue>? item) =>
            item is null ? default : OrderItem.TryRead(item, out var order, out var fault) ? (order, null) : (null, fault);
    }

    private static string Told(IEnumerable<Dictionary<string, AttributeValue>?> written) =>
        string.Join("; ", written.Select(item => item is null ? "deleted" : OrderItem.TryRead(item, out var order, out var fault) ? $"version {order.Version}" : $"{fault.Kind} {fault}"));

    private static async Task CheckListsAsync(OrdersSystem system, Dictionary<Guid, List<Dictionary<string, AttributeValue>?>> states)
    {
        foreach (var merchant in Enumerable.Range(0, 3))
        {
            var cursor = "";
            do
            {
                var page = await GetAsync(system.Query, $"/v1/orders?merchant_id=merchant-{merchant}&limit=50{cursor}");
                page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
                var next = JsonDocument.Parse(page.Body).RootElement.GetProperty("next_cursor");
                cursor = next.ValueKind == JsonValueKind.String ? $"&cursor={Uri.EscapeDataString(next.GetString()!)}" : "";
            }
            while (cursor.Length > 0);

            var totals = await GetAsync(system.Query, $"/v1/totals/hourly?merchant_id=merchant-{merchant}&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&currency=INR");
            totals.Status.ShouldBe(HttpStatusCode.OK, totals.Body);
        }

        var ids = states.Values.SelectMany(written => written).OfType<Dictionary<string, AttributeValue>>().Select(item => item.GetValueOrDefault(OrderAttributes.CustomerId)?.S).OfType<string>().Distinct();
        foreach (var id in ids)
        {
            var customer = await GetAsync(system.Query, $"/v1/customers/{Uri.EscapeDataString(id)}");
            ((int)customer.Status).ShouldBeLessThan(500, $"{id}: {customer.Body}");
            var list = await GetAsync(system.Query, $"/v1/orders?customer_id={Uri.EscapeDataString(id)}");
            ((int)list.Status).ShouldBeLessThan(500, $"{id}: {list.Body}");
        }

        foreach (var path in (string[])["/v1/status", "/v1/orders?limit=200", "/v1/products/product-1?merchant_id=merchant-1", "/v1/orders?currency=BGN"])
        {
            var answer = await GetAsync(system.Query, path);
            ((int)answer.Status).ShouldBeLessThan(500, $"{path}: {answer.Body}");
        }
    }

    private static async Task CheckGraphQLAsync(OrdersSystem system, IEnumerable<Guid> orderIds)
    {
        if (!await GatewayHost.IsThereAsync())
        {
            TestContext.Current.TestOutputHelper?.WriteLine("no Node on this machine: nothing is read by GraphQL");
            return;
        }

        await using var gateway = await GatewayHost.StartAsync(system.Query.BaseAddress!);
        var reads = new GraphQLReads(gateway, system.Query);
        foreach (var orderId in orderIds)
        {
            await reads.CheckOrderAsync(orderId);
        }

        foreach (var number in Enumerable.Range(0, 3))
        {
            (await reads.CheckPagesAsync($"merchant-{number}")).ShouldBeGreaterThan(0);
            await reads.CheckSumsAsync($"merchant-{number}", $"customer-{number}", $"product-{number}");
        }
    }

    // Whatever stands in the table, a change is a decision about it.
    private static async Task CheckWritesAsync(OrdersSystem system, IEnumerable<Guid> orderIds)
    {
        foreach (var (orderId, index) in orderIds.Select((orderId, index) => (orderId, index)))
        {
            using var patch = JsonContent.Create(new { status = "cancelled" });
            using var changed = await system.Api.PatchAsync($"/v1/orders/{orderId}", patch);
            ((int)changed.StatusCode).ShouldBeLessThan(500, await changed.Content.ReadAsStringAsync());
            if (index % 2 == 0)
            {
                using var deleted = await system.Api.DeleteAsync($"/v1/orders/{orderId}");
                ((int)deleted.StatusCode).ShouldBeLessThan(500, await deleted.Content.ReadAsStringAsync());
            }
        }
    }

    // What cannot be mended is given up, which frees what waits behind it: then the stores must agree.
    private static async Task CheckReconcileAsync(OrdersSystem system, TestStores stores)
    {
        await using var connection = new NpgsqlConnection(stores.Postgres);
        while (await connection.QueryAsync<long>("SELECT dead_letter_id FROM sync.dead_letters WHERE error IS NOT NULL") is var failed && failed.Any())
        {
            foreach (var id in failed)
            {
                (await system.Sync.DeleteAsync($"/v1/operations/dead-letters?id={id}")).EnsureSuccessStatusCode();
            }

            (await system.Sync.PostAsync("/v1/operations/dead-letters/redrive", null)).EnsureSuccessStatusCode();
        }

        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(0);
        await SettledAsync(stores.Postgres);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await SyncCommands.RunAsync(["reconcile", "--json"], stores.Settings, new Terminal(TextReader.Null, output, error));
        exitCode.ShouldBe(0, $"{output}{error}");
    }

    private static async Task SettledAsync(string postgres)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await Eventually.HoldsAsync(async () => await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM sync.doubtful_orders") == 0);
    }

    private static async Task<ILookup<Guid, string?>> LettersAsync(string postgres)
    {
        await using var connection = new NpgsqlConnection(postgres);
        var letters = await connection.QueryAsync<(string Key, string? Error)>("SELECT item_key, error FROM sync.dead_letters WHERE item_key LIKE '%|sk=ORDER' ORDER BY dead_letter_id");
        return letters.ToLookup(letter => Guid.Parse(letter.Key.AsSpan("pk=ORDER#".Length, 36), CultureInfo.InvariantCulture), letter => letter.Error);
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
