using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.ServiceDefaults;

namespace Orders.Tests.Chaos;

/// <summary>Clients that send each request once, and count what becomes of it.</summary>
internal sealed class RollingLoad(Uri api, Uri query, Uri graphQl) : IDisposable
{
    private readonly HttpClient _http = new() { DefaultRequestHeaders = { Authorization = TestService.Basic("foo", "bar") } };
    private readonly ConcurrentQueue<string> _bad = new();
    private int _sent;
    private int _serverErrors;
    private int _failed;

    /// <summary>The orders that were accepted.</summary>
    public ConcurrentBag<Guid> Accepted { get; } = [];

    public int Sent => _sent;

    /// <summary>Answered with a 5xx.</summary>
    public int ServerErrors => _serverErrors;

    /// <summary>Not answered, or with what was not to be expected.</summary>
    public int Failed => _failed;

    /// <summary>What was not as it should be.</summary>
    public IReadOnlyCollection<string> Bad => _bad;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(LoopAsync(PlaceAsync, stop), LoopAsync(PlaceAsync, stop), LoopAsync(ReadAsync, stop), LoopAsync(AskAsync, stop));

    public void Dispose() => _http.Dispose();

    private static async Task LoopAsync(Func<Task> send, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await send();
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task PlaceAsync()
    {
        using var answer = await SendAsync("POST", () => _http.PostAsJsonAsync(new Uri(api, "/v1/orders"), new { merchant_id = "merchant-102", amount = 5, currency = "INR" }), HttpStatusCode.Created);
        if (answer?.StatusCode == HttpStatusCode.Created)
        {
            Accepted.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetGuid());
        }
    }

    // The newest may not be visible yet.
    private async Task ReadAsync()
    {
        var path = Accepted.TryPeek(out var last) ? $"/v1/orders/{last}" : "/v1/orders?limit=5";
        using var answer = await SendAsync("GET", () => _http.GetAsync(new Uri(query, path)), HttpStatusCode.OK, HttpStatusCode.NotFound);
    }

    private async Task AskAsync()
    {
        using var answer = await SendAsync("GraphQL", () => _http.PostAsJsonAsync(new Uri(graphQl, "/graphql"), new { query = "{ orders(first: 3) { edges { node { orderId } } } }" }), HttpStatusCode.OK);
        if (answer is not null && (await answer.Content.ReadAsStringAsync()).Contains("\"errors\"", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _failed);
            _bad.Enqueue($"GraphQL: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private async Task<HttpResponseMessage?> SendAsync(string name, Func<Task<HttpResponseMessage>> send, params HttpStatusCode[] expected)
    {
        Interlocked.Increment(ref _sent);
        try
        {
            var answer = await send();
            if (!expected.Contains(answer.StatusCode))
            {
                Interlocked.Increment(ref (int)answer.StatusCode >= 500 ? ref _serverErrors : ref _failed);
                _bad.Enqueue($"{name}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }

            return answer;
        }
        catch (HttpRequestException lost)
        {
            Interlocked.Increment(ref _failed);
            _bad.Enqueue($"{name}: {lost.Message}");
            return null;
        }
    }
}
