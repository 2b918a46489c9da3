using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.Bench.Http;

namespace Orders.Bench.Freshness;

/// <summary>
/// A proxy in front of DynamoDB Streams that delays each GetRecords until its time. A consumer behind it
/// polls at that pace, whatever its own policy. Other calls pass at once, and cost one more local hop.
/// </summary>
internal sealed class PacedReads : IAsyncDisposable
{
    private const string Target = "X-Amz-Target";
    private static readonly string[] Headers = [Target, "X-Amz-Date", "Authorization"];

    private readonly HttpClient _service;
    private readonly Pace _pace;
    private DateTimeOffset _due;

    private PacedReads(Uri service, Pace pace)
    {
        _service = new HttpClient { BaseAddress = service };
        _pace = pace;
        Server = BenchServer.Bare();
        Server.App.MapPost("/", PassAsync);
    }

    /// <summary>The address to use instead of the service's.</summary>
    public BenchServer Server { get; }

    /// <param name="service">The address of the stream. It has one shard, so that only one caller polls at a
    /// time.</param>
    /// <param name="pace">How often it is read.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<PacedReads> StartAsync(Uri service, Pace pace, CancellationToken cancellationToken)
    {
        var reads = new PacedReads(service, pace);
        await reads.Server.StartAsync(cancellationToken);
        return reads;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _service.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        var reads = http.Request.Headers[Target].ToString().EndsWith(".GetRecords", StringComparison.Ordinal);
        if (reads)
        {
            await WaitAsync(http.RequestAborted);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StreamContent(http.Request.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        foreach (var name in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, http.Request.Headers[name].ToString());
        }

        using var answer = await _service.SendAsync(request, http.RequestAborted);
        var body = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
        if (reads && _pace.GoesOnWhileRecordsCome && body.AsSpan().IndexOf("\"eventID\""u8) >= 0)
        {
            _due = default;
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (_due > now)
        {
            await Task.Delay(_due - now, cancellationToken);
        }

        _due = TimeProvider.System.GetUtcNow() + _pace.Period;
    }
}
