using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults;

/// <summary>
/// Writes every problem. The platform's own writer gives way to plain text when the client's Accept header does not list JSON; an error that
/// a program cannot read helps nobody, and RFC 9110 (12.5.1) lets a server answer with another type than asked for.
/// </summary>
internal sealed class ProblemWriter(IHostEnvironment environment) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        if (http.RequestAborted.IsCancellationRequested)
            return ValueTask.CompletedTask;

        problem.Status ??= http.Response.StatusCode;
        problem.Title ??= ReasonPhrases.GetReasonPhrase(problem.Status.Value);
        problem.Type ??= "about:blank";
        problem.Extensions["trace_id"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        if (context.Exception is BadHttpRequestException malformed)
        {
            problem.Detail ??= malformed.Message;
            if (malformed.InnerException is JsonException { Path: { } path })
                problem.Extensions.TryAdd("errors", new Dictionary<string, string[]> { [FieldOf(path)] = ["cannot be read"] });
        }
        else if (context.Exception is { } failure && environment.IsDevelopment())
            problem.Extensions["exception"] = failure.ToString();
        if (problem.Extensions.TryGetValue(Problems.RetryAfterMember, out var seconds))
            http.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);

        http.Response.StatusCode = problem.Status.Value;
        http.Response.Headers.CacheControl = "no-store";
        return new(http.Response.WriteAsJsonAsync(problem, problem.GetType(), options: null, contentType: "application/problem+json", CancellationToken.None));
    }

    // A JSON path ($.items[0].quantity) as the client knows it (items[0].quantity).
    private static string FieldOf(string path) => path.TrimStart('$').TrimStart('.') is { Length: > 0 } field ? field : "body";
}
