using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Warehouse.Store;

/// <summary>A way to S3 on which things go wrong when a test says so.</summary>
internal sealed class FaultyS3 : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _target;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<(string Method, S3Fault Fault)> _faults = new();
    private readonly CancellationTokenSource _stop = new();

    private FaultyS3(Uri target)
    {
        _target = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = target };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>A fault of every request of a method, when no other is left.</summary>
    public (string Method, S3Fault Fault) Always { get; set; } = ("", S3Fault.None);

    public static async Task<FaultyS3> StartAsync(Uri target)
    {
        var proxy = new FaultyS3(target);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>The next requests of a method get a fault each.</summary>
    public void Next(string method, params S3Fault[] faults) => Array.ForEach(faults, fault => _faults.Enqueue((method, fault)));

    /// <summary>The requests so far, <c>PUT /bucket/key</c>.</summary>
    public int Count(string method) => _requests.Count(request => request.StartsWith(method + " ", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _target.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        _requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
        var fault = FaultOf(http.Request.Method);
        switch (fault)
        {
            case S3Fault.SlowDown:
                await AnswerAsync(http, HttpStatusCode.ServiceUnavailable, "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>");
                break;
            case S3Fault.AccessDenied:
                await AnswerAsync(http, HttpStatusCode.Forbidden, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
                break;
            case S3Fault.NoSuchUpload:
                await AnswerAsync(http, HttpStatusCode.NotFound, "<Error><Code>NoSuchUpload</Code><Message>The specified upload does not exist.</Message></Error>");
                break;
            case S3Fault.Full:
                await AnswerAsync(http, HttpStatusCode.InsufficientStorage, "<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>");
                break;
            case S3Fault.DeletionsDenied:
                await AnswerAsync(http, HttpStatusCode.OK, "<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>");
                break;
            default:
                await ForwardAsync(http, fault);
                break;
        }
    }

    private S3Fault FaultOf(string method)
    {
        if (_faults.TryPeek(out var next) && next.Method == method && _faults.TryDequeue(out _))
        {
            return next.Fault;
        }

        return Always.Method == method ? Always.Fault : S3Fault.None;
    }

    private static async Task AnswerAsync(HttpContext http, HttpStatusCode status, string xml)
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        http.Response.StatusCode = (int)status;
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync($"""<?xml version="1.0" encoding="UTF-8"?>{xml}""");
    }

    private async Task ForwardAsync(HttpContext http, S3Fault fault)
    {
        try
        {
            using var request = await CopyAsync(http, fault);
            using var answer = await _target.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            if (fault == S3Fault.LostAnswer)
            {
                http.Abort();
                return;
            }

            await ReturnAsync(http, answer, fault);
        }
        catch (Exception) when (fault != S3Fault.None)
        {
            http.Abort();
        }
    }

    private static async Task<HttpRequestMessage> CopyAsync(HttpContext http, S3Fault fault)
    {
        var request = new HttpRequestMessage(new(http.Request.Method), http.Features.Get<IHttpRequestFeature>()!.RawTarget);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (fault == S3Fault.DamagedRequest)
        {
            bytes[bytes.Length / 2] ^= 1;
        }

        request.Content = fault == S3Fault.CutRequest ? new StreamContent(new HalfStream(bytes)) : new ByteArrayContent(bytes);
        foreach (var (name, values) in http.Request.Headers)
        {
            if (name is not "Transfer-Encoding" && !request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return request;
    }

    private async Task ReturnAsync(HttpContext http, HttpResponseMessage answer, S3Fault fault)
    {
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive"))
            {
                http.Response.Headers[name] = values.ToArray();
            }
        }

        var body = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
        if (fault is not (S3Fault.CutAnswer or S3Fault.StalledAnswer))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
            return;
        }

        await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        if (fault == S3Fault.StalledAnswer)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, http.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, end.Token);
        }

        http.Abort();
    }

    /// <summary>The first half of a body, and then a failure.</summary>
    private sealed class HalfStream(byte[] bytes) : MemoryStream(bytes, 0, bytes.Length / 2)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("cut");
    }
}
