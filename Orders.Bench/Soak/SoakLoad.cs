using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Orders.Bench.Soak;

/// <summary>Clients that place orders at a steady pace, read each one back, change and delete some, list,
/// ask the gateway and follow the changes. A request whose connection breaks is sent again with its
/// idempotency key.</summary>
/// <param name="system">The services.</param>
/// <param name="settings">The pace and the seed.</param>
internal sealed class SoakLoad(SoakSystem system, SoakSettings settings) : IDisposable
{
    private const int Followers = 20;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Steps = ["paid", "shipped", "completed"];
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
    {
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("foo:bar"u8)) },
    };

    private readonly ConcurrentDictionary<string, bool> _placed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private long _events;

    /// <summary>The orders that were accepted, and whether each was deleted.</summary>
    public IReadOnlyDictionary<string, bool> Placed => _placed;

    /// <summary>Answers by kind and status since the last call, and events heard.</summary>
    public string TakeAnswers()
    {
        var text = new StringBuilder();
        foreach (var (kind, _) in _answers.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (_answers.TryRemove(kind, out var count))
            {
                text.Append(CultureInfo.InvariantCulture, $"{kind} {count}, ");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"events {Interlocked.Exchange(ref _events, 0)}").ToString();
    }

    /// <summary>Runs until it is stopped; every order that was begun is brought to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var following = Enumerable.Range(0, Followers).Select(number => FollowAsync(new Random(settings.Seed + number), stop)).ToList();
        var orders = new ConcurrentDictionary<int, Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / settings.Orders));
        try
        {
            for (var number = 0; await pace.WaitForNextTickAsync(stop); number++)
            {
                var own = number;
                orders[own] = Task.Run(
                    async () =>
                    {
                        await LiveAsync(new Random(unchecked((settings.Seed * 1_000_003) + own)), own);
                        orders.TryRemove(own, out _);
                    },
                    CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the soak.
        }

        await Task.WhenAll(orders.Values);
        await Task.WhenAll(following);
    }

    public void Dispose() => _http.Dispose();

    // The life of one order.
    private async Task LiveAsync(Random random, int number)
    {
        var body = $$"""
            {"merchant_id":"merchant-{{random.Next(20)}}","customer_id":"customer-{{random.Next(500)}}","currency":"EUR",
             "items":[{"product_id":"product-{{random.Next(200)}}","product_name":"A thing","quantity":{{random.Next(1, 4)}},"unit_price":{{random.Next(1, 900)}}.{{random.Next(100):00}}}]}
            """;
        var placed = await SendAsync("place", "api", random, HttpMethod.Post, "/v1/orders", body, $"soak-{number}");
        var id = placed.Body.GetProperty("order_id").GetString()!;
        _placed[id] = false;
        await ReadAsync(id, 1, random);
        foreach (var step in Steps.Take(random.Next(4)))
        {
            var changed = await SendAsync("change", "api", random, HttpMethod.Patch, $"/v1/orders/{id}", $$"""{"status":"{{step}}"}""");
            if (changed.Status == 200)
            {
                await ReadAsync(id, changed.Body.GetProperty("version").GetInt64(), random);
            }
        }

        if (random.Next(10) == 0)
        {
            _placed[id] = true;
            await SendAsync("delete", "api", random, HttpMethod.Delete, $"/v1/orders/{id}");
        }

        if (random.Next(8) == 0)
        {
            await SendAsync("list", "query", random, HttpMethod.Get, $"/v1/orders?limit={random.Next(1, 200)}&merchant_id=merchant-{random.Next(20)}");
            var question = $$"""{"query":"{ orders(first: 20, filter: { merchantId: \"merchant-{{random.Next(20)}}\" }) { edges { node { orderId amount customer { orderCount } items { product { productName } } } } } }"}""";
            await SendAsync("graphql", "graphql", random, HttpMethod.Post, "/graphql", question);
        }
    }

    private Task<(int Status, JsonElement Body)> ReadAsync(string id, long version, Random random) =>
        SendAsync("read", "query", random, HttpMethod.Get, $"/v1/orders/{id}?min_version={version}", prefer: "wait=30");

    private async Task<(int Status, JsonElement Body)> SendAsync(string kind, string service, Random random, HttpMethod method, string path, string? body = null, string? key = null, string? prefer = null)
    {
        for (; ; await Task.Delay(Again, CancellationToken.None))
        {
            using var request = new HttpRequestMessage(method, new Uri(system.AddressOf(service, random), path));
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            if (prefer is not null)
            {
                request.Headers.Add("Prefer", prefer);
            }

            try
            {
                using var answer = await _http.SendAsync(request, CancellationToken.None);
                Count($"{kind} {(int)answer.StatusCode}");
                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway))
                {
                    var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                    return ((int)answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException or JsonException)
            {
                Count($"{kind} cut");
            }
        }
    }

    // A change stream, taken up again at another instance where it was cut.
    private async Task FollowAsync(Random random, CancellationToken stop)
    {
        string? last = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(system.AddressOf("query", random), $"/v1/changes?merchant_id=merchant-{random.Next(20)}"));
                if (last is not null)
                {
                    request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
                }

                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
                last = answer.IsSuccessStatusCode ? last : null;
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
                while (await lines.ReadLineAsync(stop) is { } line)
                {
                    if (line.StartsWith("id:", StringComparison.Ordinal))
                    {
                        last = line[3..].Trim();
                        Interlocked.Increment(ref _events);
                    }
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException or OperationCanceledException)
            {
                // Its instance is restarted, or the soak is over.
            }

            await Task.WhenAny(Task.Delay(Again, stop));
        }
    }

    private void Count(string kind) => _answers.AddOrUpdate(kind, 1, (_, before) => before + 1);
}
