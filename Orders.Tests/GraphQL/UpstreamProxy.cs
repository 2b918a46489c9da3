using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.GraphQL;

/// <summary>
/// Stands between the gateway and Orders.Query, counts the calls, and can answer in its place as a broken
/// one would.
/// </summary>
internal sealed class UpstreamProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _target;
    private readonly ConcurrentQueue<UpstreamCall> _calls = new();
    private readonly ConcurrentQueue<UpstreamCall> _signIns = new();

    private UpstreamProxy(Uri target)
    {
        _target = new() { BaseAddress = target };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // As Orders.Query's.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = 80 * 1024);
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>
    /// Answers in Orders.Query's place, but for sign-ins; false leaves the call to it.
    /// </summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <summary>The same for sign-ins.</summary>
    public Func<HttpContext, Task<bool>>? InsteadOfSignIn { get; set; }

    /// <summary>How many calls are under way.</summary>
    public int Open => _open;

    private int _open;

    public static async Task<UpstreamProxy> StartAsync(Uri target)
    {
        var proxy = new UpstreamProxy(target);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>The calls since this was asked last, but for sign-ins.</summary>
    public IReadOnlyList<UpstreamCall> Take() => Take(_calls);

    /// <summary>The calls that ask who somebody is, since this was asked last.</summary>
    public IReadOnlyList<UpstreamCall> TakeSignIns() => Take(_signIns);

    private static List<UpstreamCall> Take(ConcurrentQueue<UpstreamCall> queue)
    {
        List<UpstreamCall> calls = [];
        while (queue.TryDequeue(out var call))
        {
            calls.Add(call);
        }

        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _target.Dispose();
    }

    private async Task ForwardAsync(HttpContext http)
    {
        Interlocked.Increment(ref _open);
        try
        {
            var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var isSignIn = http.Request.Path == "/v1/whoami";
            (isSignIn ? _signIns : _calls).Enqueue(new(http.Request.Path, http.Request.QueryString.Value ?? "", headers));
            if ((isSignIn ? InsteadOfSignIn : Instead) is { } instead && await instead(http))
            {
                return;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, http.Request.Path + http.Request.QueryString);
            foreach (var (name, value) in headers.Where(header => header.Key is not "Host"))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await _target.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (answer.Headers.RetryAfter is { } retryAfter)
            {
                http.Response.Headers.RetryAfter = retryAfter.ToString();
            }

            await using var body = await answer.Content.ReadAsStreamAsync(http.RequestAborted);
            await http.Response.StartAsync(http.RequestAborted);
            var buffer = new byte[4096];
            for (int read; (read = await body.ReadAsync(buffer, http.RequestAborted)) > 0;)
            {
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The gateway has hung up.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
