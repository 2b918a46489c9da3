using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Dapper;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Query;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Chaos;

/// <summary>
/// What writers put past the write API, seen through every reader, with each service a process of its own.
/// </summary>
public sealed class OtherWritersTests
{
    [Fact]
    public async Task What_the_table_has_is_what_readers_get_whatever_its_version()
    {
        await using var system = await WatchedSystem.StartAsync();
        using var table = new AmazonDynamoDBClient(
            "local", "local", new AmazonDynamoDBConfig { ServiceURL = system.Engines.Addresses.DynamoDb, AuthenticationRegion = "us-east-1" });
        using var reader = new HttpClient
        {
            BaseAddress = system.Queries[0].Address,
            DefaultRequestHeaders = { Authorization = new("Basic", Convert.ToBase64String("foo:bar"u8)) },
        };
        var order = SampleOrders.Placed(lines: 2);
        Task PutAsync(Order state) => table.PutItemAsync("orders", OrderItem.From(state));

        await PutAsync(order);
        await ReadsAsync(reader, order, "placed", 1);
        await PutAsync(order with { Version = 4, Status = OrderStatus.Paid });
        await ReadsAsync(reader, order, "paid", 4);
        // Lower, then the same version with another content.
        await PutAsync(order with { Version = 2, Status = OrderStatus.Shipped });
        await ReadsAsync(reader, order, "shipped", 2);
        await PutAsync(order with { Version = 2, Status = OrderStatus.Cancelled });
        await ReadsAsync(reader, order, "cancelled", 2);
        // Deleted, and put again with the id and the version of its first life.
        await table.DeleteItemAsync("orders", OrderItem.Key(order.OrderId));
        await ReadsAsync(reader, order, status: null, 0);
        await PutAsync(order);
        await ReadsAsync(reader, order, "placed", 1);
        await PutAsync(order with { Version = 2, Status = OrderStatus.Paid });
        await ReadsAsync(reader, order, "paid", 2);

        var history = await reader.GetFromJsonAsync<JsonElement>($"/v1/orders/{order.OrderId}/history");
        history.GetProperty("versions").EnumerateArray().Select(entry => $"{entry.GetProperty("change")} {entry.GetProperty("version")}")
            .ShouldBe(["placed 1", "changed 4", "changed 2", "changed 2", "deleted 3", "placed 1", "changed 2"]);
        var feed = await FeedAsync(reader, await BeginningAsync(system), count: 7);
        feed.Select(change => change.GetProperty("revision").GetInt64()).ShouldBe([1, 4, 5, 6, 7, 8, 9]);
        feed.Select(change => change.GetProperty("version").GetInt64()).ShouldBe([1, 4, 2, 2, 3, 1, 2]);
    }

    private static async Task ReadsAsync(HttpClient reader, Order order, string? status, long version)
    {
        var last = "";
        try
        {
            // Twice: from Postgres, and from Redis.
            for (var times = 0; times < 2; times++)
            {
                await Eventually.HoldsAsync(() => IsSoAsync());
            }
        }
        catch (ShouldAssertException failure)
        {
            throw new ShouldAssertException($"waited for {status ?? "nothing"} {version}, got {last}", failure);
        }

        async Task<bool> IsSoAsync()
        {
            try
            {
                using var answer = await reader.GetAsync($"/v1/orders/{order.OrderId}");
                last = $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
                return status is null
                    ? answer.StatusCode == HttpStatusCode.NotFound
                    : answer.StatusCode == HttpStatusCode.OK && last.Contains($"\"status\":\"{status}\"", StringComparison.Ordinal) && last.Contains($"\"version\":{version}", StringComparison.Ordinal);
            }
            catch (HttpRequestException notThereYet)
            {
                last = notThereYet.Message;
                return false;
            }
        }
    }

    // The id of the feed's first position, as the service would make it.
    private static async Task<string> BeginningAsync(WatchedSystem system)
    {
        var postgres = system.Engines.Addresses.Postgres;
        await using var connection = new NpgsqlConnection(postgres);
        var feed = (await connection.ExecuteScalarAsync<string>("SELECT feed_id FROM sync.change_feed"))!;
        return SealedIds.Of(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:orders"] = postgres }).Close(new(feed, new(1)));
    }

    private static async Task<List<JsonElement>> FeedAsync(HttpClient reader, string after, int count)
    {
        await using var stream = await reader.GetStreamAsync($"/v1/changes?last_event_id={after}");
        using var lines = new StreamReader(stream);
        var changes = new List<JsonElement>();
        while (changes.Count < count && await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal) && line.Contains("\"revision\"", StringComparison.Ordinal))
            {
                changes.Add(JsonDocument.Parse(line["data: ".Length..]).RootElement);
            }
        }

        return changes;
    }
}
