using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Api;
using Orders.Domain.Item;
using Orders.ServiceDefaults.SignIn;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;

namespace Orders.Tests.Api;

/// <summary>
/// Orders.Api as it is, on a free port and a table of its own; and the table itself, to see what was
/// written.
/// </summary>
internal sealed class ApiService : IAsyncDisposable
{
    /// <summary>Belongs to these two merchants.</summary>
    public const string Acme = "acme";

    /// <summary>May read only.</summary>
    public const string Reader = "reader";

    /// <summary>
    /// Belongs to more merchants than one condition of DynamoDB can name; merchant-102 is one of them.
    /// </summary>
    public const string Agency = "agency";

    private readonly WebApplication _app;
    private readonly AmazonDynamoDBClient _dynamo;

    private ApiService(WebApplication app, TestStores stores)
    {
        (_app, Stores) = (app, stores);
        _dynamo = Dynamo(stores.DynamoDb);
        Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        Client = ClientOf("foo", "bar");
    }

    public TestStores Stores { get; }

    public Uri Address { get; }

    /// <summary>Signed in for every merchant.</summary>
    public HttpClient Client { get; }

    public IAmazonDynamoDB Table => _dynamo;

    /// <summary>From now on what it logs, as far as its settings let it.</summary>
    public RecordedLogs Record()
    {
        var logs = new RecordedLogs();
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        return logs;
    }

    /// <summary>Builds it without starting it.</summary>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings, string environment = "Development") =>
        ApiHost.Build(new() { EnvironmentName = environment, Args = ["--urls", "http://127.0.0.1:0"] }, settings);

    /// <summary>Starts it.</summary>
    /// <param name="stores">Its table.</param>
    /// <param name="settings">Settings that win over the usual ones.</param>
    public static async Task<ApiService> StartAsync(TestStores stores, params (string Name, string? Value)[] settings)
    {
        var app = Build(Settings(stores, settings));
        await app.StartAsync();
        return new(app, stores);
    }

    public static Dictionary<string, string?> Settings(TestStores stores, params (string Name, string? Value)[] settings)
    {
        var all = stores.Settings;
        all["Logging:LogLevel:Default"] = nameof(LogLevel.None);
        // Tests run on machines that have other things to do.
        all["Orders:Store:TimeoutSeconds"] = "60";
        AddKey(all, 0, "foo", "bar", "*", "orders:read,orders:write,operations");
        AddKey(all, 1, Acme, Acme, "merchant-102,merchant-103", "orders:write");
        AddKey(all, 2, Reader, Reader, "*", "orders:read");
        AddKey(all, 3, Agency, Agency, string.Join(',', Enumerable.Range(1, 250).Select(i => $"merchant-{i}")), "orders:write");
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return all;
    }

    public static AmazonDynamoDBClient Dynamo(string address) =>
        new("local", "local", new AmazonDynamoDBConfig { ServiceURL = address, AuthenticationRegion = "us-east-1" });

    public static HttpRequestMessage Post(string body, string? key = null, string path = "/v1/orders", string mediaType = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return request;
    }

    public static HttpRequestMessage Patch(Guid orderId, string status, string? ifMatch = null) => Conditional(
        new(HttpMethod.Patch, $"/v1/orders/{orderId}") { Content = new StringContent($$"""{"status":"{{status}}"}""", Encoding.UTF8, "application/json") }, ifMatch);

    public static HttpRequestMessage Delete(Guid orderId, string? ifMatch = null) => Conditional(new(HttpMethod.Delete, $"/v1/orders/{orderId}"), ifMatch);

    public HttpClient ClientOf(string key) => ClientOf(key, key);

    /// <summary>Places an order and returns its id.</summary>
    public async Task<Guid> PlaceAsync(string merchant = "merchant-102")
    {
        using var answer = await Client.SendAsync(Post($$"""{"merchant_id":"{{merchant}}","amount":200.00,"currency":"INR"}"""));
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        return (await JsonAsync(answer)).GetProperty("order_id").GetGuid();
    }

    /// <summary>An order's item as it is in the table; empty when there is none.</summary>
    public async Task<Dictionary<string, AttributeValue>> ItemAsync(Guid orderId) => await ItemAsync(OrderItem.Key(orderId));

    public async Task<Dictionary<string, AttributeValue>> ItemAsync(Dictionary<string, AttributeValue> key) =>
        (await _dynamo.GetItemAsync(new GetItemRequest { TableName = Stores.Table, Key = key, ConsistentRead = true })).Item ?? [];

    public Task PutAsync(Dictionary<string, AttributeValue> item) => _dynamo.PutItemAsync(Stores.Table, item);

    /// <summary>Everything in the table that belongs to a merchant, orders and keys.</summary>
    public async Task<List<Dictionary<string, AttributeValue>>> ItemsOfAsync(string merchant)
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        var scan = new ScanRequest { TableName = Stores.Table, ConsistentRead = true };
        do
        {
            var page = await _dynamo.ScanAsync(scan);
            items.AddRange(page.Items.Where(item => item["pk"].S.StartsWith($"IDEM#{merchant}#", StringComparison.Ordinal) || item.GetValueOrDefault("merchant_id")?.S == merchant));
            scan.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (scan.ExclusiveStartKey is { Count: > 0 });

        return items;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

    /// <summary>The names of the bad fields that a problem tells.</summary>
    public static IEnumerable<string> Fields(JsonElement problem) => problem.GetProperty("errors").EnumerateObject().Select(error => error.Name);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _dynamo.Dispose();
        await _app.DisposeAsync();
    }

    private HttpClient ClientOf(string id, string secret) => new()
    {
        BaseAddress = Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"))) },
    };

    private static HttpRequestMessage Conditional(HttpRequestMessage request, string? ifMatch)
    {
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch).ShouldBeTrue();
        }

        return request;
    }

    private static void AddKey(Dictionary<string, string?> settings, int number, string id, string secret, string merchants, string scopes)
    {
        settings[$"Orders:Keys:{number}:Id"] = id;
        settings[$"Orders:Keys:{number}:Hash"] = ApiKeyHash.Of(secret).ToString();
        settings[$"Orders:Keys:{number}:Merchants"] = merchants;
        settings[$"Orders:Keys:{number}:Scopes"] = scopes;
    }
}
