using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults.RateLimits;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// The audit lines, of the logger <c>Orders.Audit</c>: one for each request that is refused (401, 403), and
/// one for each act of an operator. All of what a client sends is escaped. A flood of refused requests
/// writes a bounded number of lines, and the next line counts those that were left out.
/// </summary>
internal sealed partial class AuditLog(ILoggerFactory loggers) : IDisposable
{
    public const string Category = "Orders.Audit";

    private const string Nobody = "-";
    private const int LinesPerSecond = 20;
    private const int BurstOfLines = 200;
    private const int MaxTargetChars = 256;

    private readonly ILogger _logger = loggers.CreateLogger(Category);
    private readonly TokenBucketRateLimiter _lines = new(TokenBucket.Options(LinesPerSecond, BurstOfLines));
    private long _leftOut;

    /// <summary>A request was refused.</summary>
    public void Refused(HttpContext context)
    {
        using var line = _lines.AttemptAcquire();
        if (!line.IsAcquired)
        {
            _ = Interlocked.Increment(ref _leftOut);
            return;
        }

        var (who, from, method, target, trace) = About(context);
        LogRefused(who, from, method, target, context.Response.StatusCode, trace, Interlocked.Exchange(ref _leftOut, 0));
    }

    /// <summary>An operator did something.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status of the response.</param>
    public void Act(HttpContext context, int status)
    {
        var (who, from, method, target, trace) = About(context);
        LogAct(who, from, method, target, status, trace);
    }

    public void Dispose() => _lines.Dispose();

    private static (string Who, string From, string Method, string Target, string Trace) About(HttpContext context) => (
        context.FindCaller()?.KeyId ?? Nobody,
        context.Connection.RemoteIpAddress?.ToString() ?? Nobody,
        context.Request.Method,
        Target(context.Request),
        Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);

    // Percent-encoded, so that it has no line ends.
    private static string Target(HttpRequest request)
    {
        var target = (request.PathBase + request.Path).ToUriComponent() + request.QueryString.ToUriComponent();
        return target.Length <= MaxTargetChars ? target : target[..MaxTargetChars] + "…";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused: {Key} from {Address} {Method} {Target} {Status} trace_id={TraceId} left_out={LeftOut}")]
    private partial void LogRefused(string key, string address, string method, string target, int status, string traceId, long leftOut);

    [LoggerMessage(Level = LogLevel.Information, Message = "Act: {Key} from {Address} {Method} {Target} {Status} trace_id={TraceId}")]
    private partial void LogAct(string key, string address, string method, string target, int status, string traceId);
}
