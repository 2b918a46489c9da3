using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// A collector that keeps what it is sent, over HTTP or gRPC. Names and values are plain UTF-8 within
/// protobuf: they are searched, and spans are decoded.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    // So that a test which waits for what never comes fails instead of hanging.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Channel<Export> _exports = Channel.CreateUnbounded<Export>();
    private readonly List<Export> _seen = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<OtlpReceiver> StartAsync(bool grpc = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>
    /// Everything from the start up to and including the first export whose path and body contain the texts.
    /// </summary>
    public async Task<List<Export>> UntilAsync(string path, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            for (var i = 0; ; i++)
            {
                if (i == _seen.Count)
                {
                    _seen.Add(await _exports.Reader.ReadAsync(patience.Token));
                }

                if (IsMatch(_seen[i], path, text))
                {
                    return _seen[..(i + 1)];
                }
            }
        }
        catch (OperationCanceledException waited)
        {
            throw new TimeoutException($"No export to {path} with {text}, but {string.Join(", ", _seen.Select(export => $"{export.Path} ({export.Body.Length})"))}.", waited);
        }
    }

    /// <summary>Whether such an export came already.</summary>
    public bool Has(string path, string text)
    {
        ReadAll();
        return _seen.Exists(export => IsMatch(export, path, text));
    }

    /// <summary>Every span that came already.</summary>
    public List<ExportedSpan> Spans()
    {
        ReadAll();
        return [.. _seen.Where(export => export.Path.EndsWith("/v1/traces", StringComparison.Ordinal)).SelectMany(ExportedSpan.Read)];
    }

    /// <summary>The spans of a trace, as soon as there are enough of them.</summary>
    public async Task<List<ExportedSpan>> TraceAsync(string traceId, Func<List<ExportedSpan>, bool> isComplete)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var trace = Spans().FindAll(span => span.TraceId == traceId);
            if (isComplete(trace))
            {
                return trace;
            }

            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"The trace has only {string.Join(", ", trace.Select(span => $"'{span.Name}' of {span.Source}"))}.");
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void ReadAll()
    {
        while (_exports.Reader.TryRead(out var export))
        {
            _seen.Add(export);
        }
    }

    private static bool IsMatch(Export export, string path, string text) =>
        export.Path.Contains(path, StringComparison.OrdinalIgnoreCase) && export.Body.Contains(text, StringComparison.Ordinal);

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        var export = new Export(context.Request.Path, context.Request.Headers["X-Team"].ToString(), await reader.ReadToEndAsync());
        if (context.Request.ContentType == "application/grpc")
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            // An empty message: one byte "not compressed", four of length.
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        _exports.Writer.TryWrite(export);
    }

    internal sealed record Export(string Path, string Team, string Body);
}
