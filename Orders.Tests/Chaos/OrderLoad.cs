using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Orders.Tests.Chaos;

/// <summary>
/// Clients that place, change and delete orders through Orders.Api, and try again until each request is
/// answered. What they count is what the read side must come to.
/// </summary>
internal sealed class OrderLoad(Uri api, int clients, int seed) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = api,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("foo:bar"u8)) },
    };

    private int _placed;
    private int _changed;
    private int _deleted;

    public int Placed => _placed;

    public int Changed => _changed;

    public int Deleted => _deleted;

    /// <summary>Runs until it is stopped; every request under way is still brought to its end.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => RunClientAsync(new Random(seed + client), stop)));

    public void Dispose() => _http.Dispose();

    private async Task RunClientAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var id = await PlaceAsync(random);
            Interlocked.Increment(ref _placed);
            if (random.Next(3) == 0)
            {
                await SendAsync(HttpMethod.Patch, $"/v1/orders/{id}", """{"status":"paid"}""", Guid.CreateVersion7(), HttpStatusCode.OK, HttpStatusCode.Conflict);
                Interlocked.Increment(ref _changed);
            }

            if (random.Next(8) == 0)
            {
                await SendAsync(HttpMethod.Delete, $"/v1/orders/{id}", body: null, Guid.CreateVersion7(), HttpStatusCode.NoContent, HttpStatusCode.NotFound);
                Interlocked.Increment(ref _deleted);
            }

            await Task.Delay(random.Next(20), CancellationToken.None);
        }
    }

    private async Task<Guid> PlaceAsync(Random random)
    {
        var cents = random.Next(1, 1_000_000);
        var body = $$"""
            {"merchant_id":"merchant-{{random.Next(5)}}","customer_id":"customer-{{random.Next(20)}}","currency":"EUR",
             "items":[{"product_id":"product-{{random.Next(50)}}","product_name":"A thing","quantity":{{random.Next(1, 4)}},"unit_price":{{cents / 100}}.{{cents % 100:00}}}]}
            """;
        using var answer = await SendAsync(HttpMethod.Post, "/v1/orders", body, Guid.CreateVersion7(), HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("order_id").GetGuid();
    }

    // The key makes a POST that was answered by a closed connection safe to repeat. A repeated PATCH or
    // DELETE may find its own work done.
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, Guid key, params HttpStatusCode[] done)
    {
        for (; ; await Task.Delay(100, CancellationToken.None))
        {
            using var request = new HttpRequestMessage(method, path);
            if (method == HttpMethod.Post)
            {
                request.Headers.Add("Idempotency-Key", key.ToString());
            }

            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            }

            try
            {
                var answer = await _http.SendAsync(request, CancellationToken.None);
                if (done.Contains(answer.StatusCode))
                {
                    return answer;
                }

                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                }

                answer.Dispose();
            }
            catch (HttpRequestException)
            {
                // Try again.
            }
        }
    }
}
