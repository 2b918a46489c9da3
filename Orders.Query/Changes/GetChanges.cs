using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Orders.Query.Metrics;
using Orders.Query.Settings;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Changes;

/// <summary><c>GET /v1/changes</c>: server-sent events, one for each change.</summary>
internal static class GetChanges
{
    /// <summary>How long a client may read nothing before it is disconnected.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<Results<EmptyHttpResult, ProblemHttpResult>> HandleAsync(
        HttpContext http, ChangeReaders readers, ChangeStarts starts, ChangeRing ring, ChangeReplay replay, ChangeIdSeal seal, QuerySettings settings, IStoreFailures readModel,
        IHostApplicationLifetime lifetime, TimeProvider time)
    {
        var request = ChangesRequest.Read(http.Request, http.GetCaller(), seal, out var errors);
        if (!errors.None)
        {
            return errors.Answer();
        }

        if (readers.TryEnter(http.GetCaller().KeyId, out var refusal) is not { } place)
        {
            return refusal!.Answer();
        }

        using var entry = place;
        ChangeStart start;
        try
        {
            start = await starts.FindAsync(request.After, http.RequestAborted);
        }
        catch (Exception failure) when (readModel.Answer(failure, http) is { } answer)
        {
            return answer;
        }

        Prepare(http);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var writer = new EventWriter(http.Response.BodyWriter, Patience, time);
        try
        {
            await new ChangeStream(ring, replay, seal, writer, request.Filter, start, settings.ChangePing, time).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client has disconnected or the service stops. A client that reads nothing must not delay
            // the stop.
            if (writer.IsStuck)
            {
                http.Abort();
            }
        }
        catch (TimeoutException)
        {
            QueryMetrics.ChangeStreamsCut.Add(1);
            http.Abort();
        }

        return TypedResults.Empty;
    }

    private static void Prepare(HttpContext http)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Kestrel's own limit disconnects clients slower than 240 bytes a second for five seconds, such as a
        // sleeping computer. Ours is longer.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
