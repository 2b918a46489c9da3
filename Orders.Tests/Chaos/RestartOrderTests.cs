using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Orders.Tests.Warehouse;
using Shouldly;
using Xunit;

namespace Orders.Tests.Chaos;

/// <summary>
/// Stores and services are stopped, all of them, in an order that a seed gives, and started in another one:
/// services before their stores, too. No service is started twice.
/// </summary>
public sealed class RestartOrderTests(ITestOutputHelper output)
{
    private const int Rounds = 2;

    [Fact]
    public async Task Whatever_is_started_in_whatever_order_all_is_served_again_and_nothing_is_lost()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("ORDERS_CHAOS_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        output.WriteLine($"Seed {seed}: run it again with ORDERS_CHAOS_SEED={seed}");
        var random = new Random(seed);
        await using var engines = await ChaosEngines.StartAsync();
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:orders"] = engines.Addresses.Postgres,
            ["ConnectionStrings:redis"] = engines.Addresses.Redis,
            ["AWS_ENDPOINT_URL_DYNAMODB"] = engines.Addresses.DynamoDb,
            ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = engines.Addresses.DynamoDb,
            ["AWS_REGION"] = "us-east-1",
            ["Orders:Table"] = "orders",
            ["Orders:Warehouse:Lake"] = folder.In("lake"),
            ["Orders:Warehouse:FileSeconds"] = "1",
            ["Orders:Warehouse:SqlTables"] = "",
        };
        Uri api = new($"http://127.0.0.1:{Ports.Free()}"), query = new($"http://127.0.0.1:{Ports.Free()}");
        var processes = new Dictionary<string, ServiceProcess>(StringComparer.Ordinal);
        var services = new Dictionary<string, Func<ServiceProcess>>(StringComparer.Ordinal)
        {
            ["Orders.Api"] = () => ServiceProcess.StartApi(settings, api),
            ["Orders.Query"] = () => ServiceProcess.StartQuery(settings, query),
            ["Orders.Sync"] = () => ServiceProcess.Start(settings),
            ["Orders.Warehouse"] = () => ServiceProcess.StartWarehouse(settings),
        };
        var stores = new Dictionary<string, RestartableEngine>(StringComparer.Ordinal) { ["DynamoDB"] = engines.Dynamo, ["Postgres"] = engines.Postgres };
        if (engines.Redis is not null)
        {
            stores["Redis"] = engines.Redis;
        }

        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = TestService.Basic("foo", "bar") } };
        var placed = new List<Guid>();
        try
        {
            await StopAsync(stores.Keys);
            for (var round = 0; round < Rounds; round++)
            {
                await StartAsync([.. stores.Keys, .. services.Keys]);
                placed.Add(await PlaceAsync(client, api));
                foreach (var order in placed)
                {
                    await ReadableAsync(client, query, order);
                }

                await StopAsync([.. stores.Keys, .. services.Keys]);
            }

            await StartAsync([.. stores.Keys, .. services.Keys]);
            foreach (var order in placed)
            {
                await ReadableAsync(client, query, order);
            }

            await InTheLakeAsync(engines, folder.In("lake"), placed.Count);
            processes.Values.ShouldAllBe(process => process.IsRunning);
        }
        catch (ShouldAssertException missing)
        {
            throw new ShouldAssertException(string.Join('\n', processes.Select(each => $"{each.Key}:\n{each.Value.Said}")), missing);
        }
        finally
        {
            foreach (var process in processes.Values)
            {
                await process.DisposeAsync();
            }
        }

        async Task StartAsync(IEnumerable<string> names)
        {
            foreach (var name in Shuffled(names, "start"))
            {
                if (stores.TryGetValue(name, out var store))
                {
                    await store.StartAsync();
                }
                else
                {
                    processes[name] = services[name]();
                }

                await Task.Delay(random.Next(1_500), CancellationToken.None);
            }
        }

        async Task StopAsync(IEnumerable<string> names)
        {
            foreach (var name in Shuffled(names, "stop"))
            {
                if (stores.TryGetValue(name, out var store))
                {
                    await store.KillAsync();
                    continue;
                }

                processes[name].Signal(Native.Terminate);
                var (exitCode, said) = await processes[name].ExitAsync();
                exitCode.ShouldBe(0, said);
                await processes[name].DisposeAsync();
                processes.Remove(name);
            }
        }

        string[] Shuffled(IEnumerable<string> names, string what)
        {
            var order = names.ToArray();
            random.Shuffle(order);
            output.WriteLine($"{what}: {string.Join(", ", order)}");
            return order;
        }
    }

    private static async Task<Guid> PlaceAsync(HttpClient client, Uri api)
    {
        var key = Guid.CreateVersion7().ToString();
        var orderId = Guid.Empty;
        await Eventually.HoldsAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, "/v1/orders")) { Content = JsonContent.Create(new { merchant_id = "merchant-102", amount = 5, currency = "INR" }) };
                request.Headers.Add("Idempotency-Key", key);
                try
                {
                    using var answer = await client.SendAsync(request);
                    if (answer.StatusCode != HttpStatusCode.Created)
                    {
                        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                        return false;
                    }

                    orderId = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetGuid();
                    return true;
                }
                catch (HttpRequestException)
                {
                    // It is not listening yet.
                    return false;
                }
            },
            seconds: 120);
        return orderId;
    }

    private static Task ReadableAsync(HttpClient client, Uri query, Guid orderId) => Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(query, $"/v1/orders/{orderId}"));
                answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable);
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        seconds: 120);

    private static async Task InTheLakeAsync(ChaosEngines engines, string lake, int orders)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var connection = new NpgsqlConnection(engines.Addresses.Postgres);
                await connection.OpenAsync();
                await using var rows = new NpgsqlCommand(
                    "SELECT coalesce(sum(rows), 0)::bigint FROM warehouse.files WHERE state = 'live' AND log = 'orders_changes' AND source LIKE 'stream/%'", connection);
                return (long)(await rows.ExecuteScalarAsync())! >= orders;
            },
            seconds: 120);
        LakeReading.Query($"SELECT count(*), count(DISTINCT order_id) FROM {LakeReading.Files(lake)} WHERE source = 'stream'").Single().ShouldBe([$"{orders}", $"{orders}"]);
    }
}
