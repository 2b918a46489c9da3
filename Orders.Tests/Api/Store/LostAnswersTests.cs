using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using DynamoStreams.Api;
using Orders.Domain;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

/// <summary>
/// The store carries out each write, and its answer is lost: the request finds its own work, and says so.
/// </summary>
public sealed class LostAnswersTests(TestEngines engines) : FaultyStoreTests(engines)
{
    private const int Requests = 100;
    private const string Body = """{"merchant_id":"m","amount":5,"currency":"INR"}""";

    [Theory]
    [InlineData(null)]
    [InlineData("\"1\"")]
    public async Task A_change_is_200_with_its_version_and_made_once(string? ifMatch)
    {
        var orders = await PlaceAsync();
        var lost = LoseFirstAnswers("UpdateItem");

        var answers = await SendAllAsync(i => ApiService.Patch(orders[i], "paid", ifMatch));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK && answer.Headers.ETag!.Tag == "\"2\"");
        lost.Count.ShouldBe(Requests);
        var changes = (await TableStream.ReadAsync(Stores)).Where(change => change.Event == StreamEvent.Modify).ToList();
        changes.Select(change => change.Order.OrderId).ShouldBe(orders, ignoreOrder: true);
        changes.ShouldAllBe(change => change.Order.Status == OrderStatus.Paid && change.Order.Version == 2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("\"1\"")]
    public async Task A_deletion_is_204_and_made_once(string? ifMatch)
    {
        var orders = await PlaceAsync();
        var lost = LoseFirstAnswers("TransactWriteItems");

        var answers = await SendAllAsync(i => ApiService.Delete(orders[i], ifMatch));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.NoContent);
        lost.Count.ShouldBe(Requests);
        (await TableStream.ReadAsync(Stores)).Where(change => change.Event == StreamEvent.Remove).Select(change => change.Order.OrderId).ShouldBe(orders, ignoreOrder: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_order_is_201_and_placed_once(bool withKey)
    {
        var lost = LoseFirstAnswers(withKey ? "TransactWriteItems" : "PutItem");

        var answers = await SendAllAsync(i => ApiService.Post(Body, withKey ? $"k{i}" : null));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created && !answer.Headers.Contains("Idempotent-Replayed"));
        lost.Count.ShouldBe(Requests);
        var placed = await Task.WhenAll(answers.Select(async answer => (await ApiService.JsonAsync(answer)).GetProperty("order_id").GetGuid()));
        (await TableStream.ReadAsync(Stores)).Select(change => change.Order.OrderId).ShouldBe(placed, ignoreOrder: true);
    }

    private async Task<List<Guid>> PlaceAsync()
    {
        var batch = string.Join('\n', Enumerable.Repeat(Body, Requests));
        using var answer = await Api.Client.SendAsync(ApiService.Post(batch, path: "/v1/orders/batch", mediaType: "application/x-ndjson"));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("order").GetProperty("order_id").GetGuid())];
    }

    /// <summary>Closes the connection in place of the first answer to each write of a kind.</summary>
    /// <returns>The writes.</returns>
    private ConcurrentDictionary<string, bool> LoseFirstAnswers(string operation)
    {
        var seen = new ConcurrentDictionary<string, bool>();
        Dynamo.After = (call, answer) => call.Operation == operation && seen.TryAdd(call.Body.ToJsonString(), true) ? DynamoAnswer.Cut : answer;
        return seen;
    }

    private async Task<HttpResponseMessage[]> SendAllAsync(Func<int, HttpRequestMessage> request)
    {
        var answers = new HttpResponseMessage[Requests];
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) => answers[i] = await Api.Client.SendAsync(request(i), stop));
        return answers;
    }
}
