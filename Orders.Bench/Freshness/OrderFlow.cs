using System.Diagnostics;
using System.Net;
using System.Text;
using Orders.Bench.Write;

namespace Orders.Bench.Freshness;

/// <summary>
/// Places orders at a steady rate, each at its scheduled time, whether or not the previous ones have a
/// response. For each order, from its 201 on, one request waits at every consumer's Orders.Query until the
/// order is there. Polling instead would cause more work for a slower consumer.
/// </summary>
/// <param name="api">Receives the orders.</param>
/// <param name="consumers">The consumers in which the orders become visible.</param>
internal sealed class OrderFlow(Uri api, IReadOnlyList<Consumer> consumers) : IDisposable
{
    public const int PerSecond = 100;

    // The machine sometimes stalls, and Orders.Query then returns 503. The client retries, and the order
    // counts as seen later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _client = Client();

    /// <summary>Runs until the last order is visible everywhere.</summary>
    /// <param name="leadIn">Orders in this time do not count, because consumers still poll as after a
    /// pause.</param>
    /// <param name="duration">How long counted orders are placed.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>Each consumer's figures.</returns>
    /// <exception cref="InvalidOperationException">An order was rejected, or is not visible within 30
    /// s.</exception>
    public async Task<Dictionary<Consumer, Lags>> RunAsync(TimeSpan leadIn, TimeSpan duration, CancellationToken cancellationToken)
    {
        var skipped = (int)(leadIn.TotalSeconds * PerSecond);
        var orders = new Task<TimeSpan[]>[skipped + (int)(duration.TotalSeconds * PerSecond)];
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < orders.Length; i++)
        {
            var early = TimeSpan.FromSeconds((double)i / PerSecond) - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, cancellationToken);
            }

            orders[i] = Task.Run(() => OneAsync(cancellationToken), cancellationToken);
        }

        var lags = (await Task.WhenAll(orders))[skipped..];
        return consumers.Index().ToDictionary(one => one.Item, one => Lags.Of(lags.Select(order => order[one.Index])));
    }

    /// <summary>Waits until an order is visible.</summary>
    /// <param name="query">The Orders.Query to ask.</param>
    /// <param name="orderId">The order.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">It is not visible within 30 s.</exception>
    public async Task WatchAsync(Uri query, string orderId, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (; ; await Task.Delay(Pause, cancellationToken))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(query, $"/v1/orders/{orderId}?min_version=1"));
            request.Headers.Add("Prefer", $"wait={Patience.TotalSeconds}");
            using var answer = await _client.SendAsync(request, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || Stopwatch.GetElapsedTime(began) >= Patience)
            {
                throw new InvalidOperationException($"Order {orderId} is not visible: {(int)answer.StatusCode}.");
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<TimeSpan[]> OneAsync(CancellationToken cancellationToken)
    {
        using var content = new StringContent(BenchOrders.Body, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(new Uri(api, "/v1/orders"), content, cancellationToken);
        var answered = Stopwatch.GetTimestamp();
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"An order was refused: {(int)answer.StatusCode}.");
        }

        var orderId = answer.Headers.Location!.OriginalString.Split('/')[^1];
        return await Task.WhenAll(consumers.Select(consumer => LagAsync(consumer, orderId, answered, cancellationToken)));
    }

    private async Task<TimeSpan> LagAsync(Consumer consumer, string orderId, long answered, CancellationToken cancellationToken)
    {
        await WatchAsync(consumer.Query.Address, orderId, cancellationToken);
        return Stopwatch.GetElapsedTime(answered);
    }

    private static HttpClient Client()
    {
        var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Basic", "Zm9vOmJhcg==");
        return client;
    }
}
