using System.Collections.Concurrent;
using System.Net;
using Orders.Domain;

namespace Orders.Tests.Api.Store;

/// <summary>What a request was answered.</summary>
/// <param name="Method">POST, PATCH or DELETE.</param>
/// <param name="OrderId">The order; that of a POST's answer, also of a 503 that names it.</param>
/// <param name="Key">A POST's Idempotency-Key.</param>
/// <param name="To">The status that a PATCH asks for.</param>
/// <param name="IfMatch">The version that must still be there; null for none.</param>
/// <param name="Status">The answer's.</param>
/// <param name="Version">The answer's ETag.</param>
/// <param name="IsUnknown">Whether the answer says that the outcome is not known.</param>
internal sealed record WriteAnswer(string Method, Guid OrderId, string? Key, OrderStatus? To, long? IfMatch, HttpStatusCode Status, long? Version, bool IsUnknown);

/// <summary>Clients that place, change and delete the same few orders, and remember every answer.</summary>
internal sealed class WriteLoad(HttpClient api)
{
    private const int Recent = 6;
    private const string Body = """{"merchant_id":"m","amount":5,"currency":"INR"}""";

    private readonly ConcurrentQueue<WriteAnswer> _answers = new();
    private readonly ConcurrentQueue<Guid> _orders = new();
    private int _keys;

    public IReadOnlyCollection<WriteAnswer> Answers => _answers;

    public async Task RunAsync(Random random, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            Guid[] orders = [.. _orders];
            if (orders.Length == 0 || random.Next(5) == 0)
            {
                await PlaceAsync(random.Next(2) == 0 ? $"k{Interlocked.Increment(ref _keys)}" : null);
                continue;
            }

            var order = orders[random.Next(Math.Max(0, orders.Length - Recent), orders.Length)];
            long? ifMatch = random.Next(3) == 0 ? null : random.Next(1, 4);
            if (random.Next(6) == 0)
            {
                await SendAsync(ApiService.Delete(order, Tag(ifMatch)), "DELETE", order, null, null, ifMatch);
            }
            else
            {
                var to = (OrderStatus)random.Next((int)OrderStatus.Paid, (int)OrderStatus.Completed + 1);
                await SendAsync(ApiService.Patch(order, to.Name(), Tag(ifMatch)), "PATCH", order, null, to, ifMatch);
            }
        }
    }

    // A request with a key is repeated until its outcome is known: that is what the key is for.
    private async Task PlaceAsync(string? key)
    {
        WriteAnswer answer;
        do
        {
            answer = await SendAsync(ApiService.Post(Body, key), "POST", Guid.Empty, key, null, null);
        }
        while (key is not null && answer.Status != HttpStatusCode.Created);

        if (answer.Status == HttpStatusCode.Created)
        {
            _orders.Enqueue(answer.OrderId);
        }
    }

    private async Task<WriteAnswer> SendAsync(HttpRequestMessage request, string method, Guid order, string? key, OrderStatus? to, long? ifMatch)
    {
        using (request)
        {
            using var response = await api.SendAsync(request);
            var json = response.StatusCode == HttpStatusCode.NoContent ? default : await ApiService.JsonAsync(response);
            var version = response.Headers.ETag is { } tag ? long.Parse(tag.Tag.Trim('"')) : (long?)null;
            var isUnknown = response.StatusCode == HttpStatusCode.ServiceUnavailable && json.GetProperty("outcome").GetString() == "unknown";
            if (method == "POST" && json.TryGetProperty("order_id", out var placed))
            {
                order = placed.GetGuid();
            }

            var answer = new WriteAnswer(method, order, key, to, ifMatch, response.StatusCode, version, isUnknown);
            _answers.Enqueue(answer);
            return answer;
        }
    }

    private static string? Tag(long? version) => version is null ? null : $"\"{version}\"";
}
