using System.Net.Http.Headers;
using System.Text;

namespace Orders.Local.Demo;

/// <summary>A client of Orders.Api. Failures are counted and reported, never thrown.</summary>
internal sealed class DemoClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly DemoCount _count;

    public DemoClient(Uri api, DemoCount count)
    {
        _count = count;
        // No spans of its own: a trace begins where a real client's request would reach the system.
        _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = api, Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("foo:bar")));
    }

    /// <summary>The order's id; null if it failed.</summary>
    public async Task<string?> PlaceAsync(DemoOrder order, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(order, DemoJson.Default.DemoOrder);
        using var answer = await SendAsync(HttpMethod.Post, "/v1/orders", body, cancellationToken);
        if (answer is null)
        {
            return null;
        }

        _count.Placed();
        return (await answer.Content.ReadFromJsonAsync(DemoJson.Default.DemoAnswer, cancellationToken))?.OrderId;
    }

    public async Task<bool> MoveAsync(string orderId, string status, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(new DemoStatus(status), DemoJson.Default.DemoStatus);
        using var answer = await SendAsync(HttpMethod.Patch, "/v1/orders/" + orderId, body, cancellationToken);
        if (answer is not null)
        {
            _count.Moved();
        }

        return answer is not null;
    }

    public async Task<bool> DeleteAsync(string orderId, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Delete, "/v1/orders/" + orderId, body: null, cancellationToken);
        if (answer is not null)
        {
            _count.Deleted();
        }

        return answer is not null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage?> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            _count.Failed($"{method} {path}: {(int)answer.StatusCode}");
            answer.Dispose();
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            _count.Failed($"{method} {path}: {failure.Message}");
            return null;
        }
    }
}
