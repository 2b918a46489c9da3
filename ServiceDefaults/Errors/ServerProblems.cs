using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// Adds a problem body to the errors of the server itself. A request that it cannot parse reaches no
/// middleware, and would be answered with a status only. The server raises a diagnostic event before it
/// answers, and keeps a response that was written then.
/// </summary>
internal sealed class ServerProblems(DiagnosticListener server) : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = server.Subscribe(this, name => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> told)
    {
        if (told.Value is IFeatureCollection features
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException refusal
            && features.Get<IHttpResponseFeature>() is { HasStarted: false } response
            && features.Get<IHttpResponseBodyFeature>() is { } body
            && features.Get<IConnectionTransportFeature>() is { } connection)
        {
            Answer(refusal, features, response, body, connection.Transport.Output);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static void Answer(BadHttpRequestException refusal, IFeatureCollection features, IHttpResponseFeature response, IHttpResponseBodyFeature body, PipeWriter output)
    {
        var status = refusal.StatusCode;
        var problem = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = status == StatusCodes.Status400BadRequest ? $"{StatusWords.Of(refusal)} {StatusWords.Of(status)}" : StatusWords.Of(status) ?? StatusWords.Of(refusal),
            ["trace_id"] = features.Get<IHttpRequestIdentifierFeature>()?.TraceIdentifier,
        });
        response.StatusCode = status;
        response.Headers.Connection = "close";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = SafeHeaders.NoSniff;
        response.Headers.ContentType = "application/problem+json";
        response.Headers.ContentLength = problem.Length;
        // Without a request there is no response body, so the body is written to the connection after the
        // headers. This is synchronous, but only fills a buffer; the server closes the connection when it is
        // sent.
        _ = body.StartAsync();
        if (features.Get<IHttpRequestFeature>()?.Method != HttpMethods.Head)
        {
            _ = output.WriteAsync(problem).AsTask();
        }
    }
}
