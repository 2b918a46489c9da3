using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace Orders.AppHost.Tests;

/// <summary>Clients that place orders until they are stopped, whatever happens to the stores.</summary>
internal sealed class OrderTraffic : IAsyncDisposable
{
    private const int Clients = 4;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _placed = new();
    private readonly Task _running;

    public OrderTraffic(HttpClient api) => _running = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => PlaceUntilStoppedAsync(api))));

    /// <summary>The orders that were accepted so far.</summary>
    public IReadOnlyCollection<string> Placed => _placed;

    /// <summary>Places an order and returns its id.</summary>
    public static async Task<string> PlaceAsync(HttpClient api)
    {
        using var answer = await api.PostAsJsonAsync("/v1/orders", new { merchant_id = "merchant-102", amount = 200.00m, currency = "INR" });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
    }

    /// <summary>Stops, and returns the ids of all accepted orders.</summary>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        return _placed;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    // An order without a response does not count: only accepted orders must exist in the end.
    private async Task PlaceUntilStoppedAsync(HttpClient api)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await api.PostAsJsonAsync("/v1/orders", new { merchant_id = "merchant-102", amount = 200.00m, currency = "INR" });
                if (answer.IsSuccessStatusCode)
                {
                    _placed.Enqueue((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!);
                    continue;
                }
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
                // The store or the service is unavailable.
            }

            await Task.Delay(100);
        }
    }
}
