using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync;
using Orders.Sync.Status;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Orders.Tests.Query;

namespace Orders.Tests.Sync.Consuming;

/// <summary>
/// Two instances of Orders.Sync and one of Orders.Query on real engines, with a stream that can be troubled;
/// and everything that tells how current the reads are.
/// </summary>
internal sealed class TroubledSystem : IAsyncDisposable
{
    private readonly List<WebApplication> _instances = [];
    private readonly HttpClient _client = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(Meter Meter, string Name), double> _measured = new();
    private readonly TestStores _stores;
    private readonly AmazonDynamoDBClient _dynamo;
    private readonly FaultyDynamo _wire;
    private QueryService _query = null!;
    private int _orders;

    private TroubledSystem(TestStores stores, FaultyDynamo wire)
    {
        (_stores, _wire, _dynamo, Trouble) = (stores, wire, StreamTable.Client(stores), new(wire));
        Gate = new("127.0.0.1", new Uri(wire.Address).Port);
    }

    /// <summary>The way to the stream.</summary>
    public TcpGate Gate { get; }

    /// <summary>What is wrong with the stream's answers.</summary>
    public StreamTrouble Trouble { get; }

    /// <param name="engines">The engines of the test run.</param>
    /// <param name="settings">Settings of every service.</param>
    public static async Task<TroubledSystem> StartAsync(TestEngines engines, params (string Name, string Value)[] settings)
    {
        var stores = await engines.CreateStoresAsync();
        var system = new TroubledSystem(stores, await FaultyDynamo.StartAsync(stores.DynamoDb));
        await StreamTable.CreateAsync(system._dynamo, stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        await system.StartAsync(settings);
        return system;
    }

    /// <summary>Writes an order past the write API.</summary>
    /// <param name="updatedAt">What the writer says when that was; null for now.</param>
    public async Task<Guid> PutAsync(DateTimeOffset? updatedAt = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var order = SampleOrders.Placed(++_orders, at: now) with { UpdatedAt = Timestamp.Truncate(updatedAt ?? now) };
        await _dynamo.PutItemAsync(new PutItemRequest { TableName = _stores.Table, Item = OrderItem.From(order) });
        return order.OrderId;
    }

    public async Task<bool> IsReadableAsync(Guid orderId)
    {
        using var answer = await _query.Client.GetAsync($"/v1/orders/{orderId}");
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Waits until all of them tell that everything is current.</summary>
    public Task CurrentAsync() => TellAsync(words => words.All(word => word.IsCurrent), "is current");

    /// <summary>Waits until all of them tell that nothing is known since a time.</summary>
    /// <param name="since">When the trouble had begun.</param>
    /// <param name="seconds">How far behind all of them say at least that the reads are.</param>
    public Task BehindAsync(DateTimeOffset since, int seconds) =>
        TellAsync(words => words.All(word => !word.IsCurrent && !(word.AsOf > since) && !(word.Seconds < seconds)), $"is behind since {since:O}, for {seconds} s");

    public async Task<SyncStatus> StatusAsync() => await _instances[0].Services.GetRequiredService<StatusReader>().ReadAsync(CancellationToken.None);

    public async Task<(DateTimeOffset? AsOf, double? Lag, JsonElement Status)> ReadAsync()
    {
        using var answer = await _query.Client.GetAsync("/v1/status");
        return (AsOf(answer), Lag(answer), JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Everything that tells, and what it says.</summary>
    public async Task<IReadOnlyList<Word>> WordsAsync()
    {
        var words = new List<Word>();
        foreach (var (app, number) in _instances.Select((app, number) => (app, number + 1)))
        {
            using var ready = await _client.GetAsync(new Uri($"{Address(app)}/health/ready"));
            words.Add(new($"readiness of sync {number}", ready.IsSuccessStatusCode));
            foreach (var metric in new[] { "orders.sync.lag", "orders.sync.stalled" })
            {
                var seconds = Measure(app, metric);
                words.Add(new($"{metric} of sync {number}", seconds is < 3) { Seconds = seconds });
            }
        }

        using var queryReady = await _query.Client.GetAsync("/health/ready");
        var freshness = JsonDocument.Parse(await queryReady.Content.ReadAsStringAsync()).RootElement.GetProperty("checks").GetProperty("freshness");
        words.Add(new("readiness of query", freshness.GetProperty("status").GetString() == "healthy"));

        var (asOf, lag, status) = await ReadAsync();
        words.Add(new("X-As-Of", asOf > TimeProvider.System.GetUtcNow().AddSeconds(-3)) { AsOf = asOf ?? DateTimeOffset.MinValue });
        words.Add(new("X-Replication-Lag", lag is < 3) { Seconds = lag });
        words.Add(new("status", status.GetProperty("status").GetString() == "ok"));
        var lagMs = status.GetProperty("lag_ms");
        words.Add(new("lag_ms", lagMs.ValueKind == JsonValueKind.Number && lagMs.GetInt64() < 3_000) { Seconds = lagMs.ValueKind == JsonValueKind.Number ? lagMs.GetInt64() / 1_000d : null });
        var caughtUpAt = status.GetProperty("caught_up_at").ValueKind == JsonValueKind.String ? status.GetProperty("caught_up_at").GetDateTimeOffset() : DateTimeOffset.MinValue;
        words.Add(new("caught_up_at", caughtUpAt > TimeProvider.System.GetUtcNow().AddSeconds(-3)) { AsOf = caughtUpAt });

        var operations = await StatusAsync();
        var behind = operations.Shards.Max(shard => shard.LagSeconds);
        words.Add(
            operations.ListedAt < TimeProvider.System.GetUtcNow().AddMinutes(-1)
                ? new("listed_at of operations", IsCurrent: false)
                : new("lag_seconds of operations", behind is < 3) { Seconds = behind });
        return words;
    }

    public async ValueTask DisposeAsync()
    {
        Trouble.End();
        foreach (var app in _instances)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        _listener.Dispose();
        _client.Dispose();
        await _query.StopAsync();
        await _query.DisposeAsync();
        await Gate.DisposeAsync();
        await _wire.DisposeAsync();
        _dynamo.Dispose();
    }

    private async Task StartAsync((string Name, string Value)[] settings)
    {
        Listen();
        var own = _stores.Settings;
        own["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = $"http://127.0.0.1:{Gate.Port}";
        own["urls"] = "http://127.0.0.1:0";
        own["Sync:Snapshot:Automatic"] = "false";
        own["Logging:LogLevel:Default"] = "None";
        foreach (var (name, value) in settings)
        {
            own[name] = value;
        }

        for (var i = 0; i < 2; i++)
        {
            var app = SyncHost.Build(new() { EnvironmentName = "Development" }, own);
            _instances.Add(app);
            await app.StartAsync();
        }

        _query = await QueryService.StartAsync(own);
        await CurrentAsync();
    }

    private async Task TellAsync(Func<IReadOnlyList<Word>, bool> fits, string what)
    {
        IReadOnlyList<Word> words = [];
        try
        {
            await Eventually.HoldsAsync(async () => fits(words = await WordsAsync()), seconds: 150);
        }
        catch (Shouldly.ShouldAssertException late)
        {
            throw new Shouldly.ShouldAssertException($"not all of them tell that the read model {what}:\n{string.Join('\n', words)}", late);
        }
    }

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name is "orders.sync.lag" or "orders.sync.stalled")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _measured[(instrument.Meter, instrument.Name)] = value);
        _listener.Start();
    }

    private double? Measure(WebApplication app, string name)
    {
        _listener.RecordObservableInstruments();
        return _measured.TryGetValue((app.Services.GetRequiredService<Backlog>().Meter, name), out var value) ? value : null;
    }

    private static string Address(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    private static DateTimeOffset? AsOf(HttpResponseMessage answer) =>
        DateTimeOffset.TryParse(answer.Headers.GetValues("X-As-Of").Single(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var asOf) ? asOf : null;

    private static double? Lag(HttpResponseMessage answer) =>
        double.TryParse(answer.Headers.GetValues("X-Replication-Lag").Single(), CultureInfo.InvariantCulture, out var lag) ? lag / 1_000 : null;

    /// <summary>What one of them says.</summary>
    /// <param name="What">Which one.</param>
    /// <param name="IsCurrent">Whether it says that the reads are current.</param>
    internal sealed record Word(string What, bool IsCurrent)
    {
        /// <summary>Up to when, where it says that.</summary>
        public DateTimeOffset? AsOf { get; init; }

        /// <summary>How far behind, where it says that.</summary>
        public double? Seconds { get; init; }
    }
}
