using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// Writes every problem. The platform's writer falls back to plain text when the client's Accept header does
/// not list JSON. Programs cannot parse that, and RFC 9110 (12.5.1) allows a server to ignore Accept.
/// </summary>
internal sealed class ProblemWriter(IHostEnvironment environment) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var problem = Complete(context);
        if (problem.Extensions.TryGetValue(Problems.RetryAfterMember, out var seconds))
        {
            response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        }

        response.Headers.CacheControl = "no-store";
        // Again, since the error handler has removed all headers.
        SafeHeaders.Add(response);
        response.StatusCode = problem.Status!.Value;
        // Not RequestAborted: for a client that disconnected it would throw, and be logged as an error of
        // the error handler.
        return new(response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", CancellationToken.None));
    }

    // A copy, since a result may be shared by many requests.
    private ProblemDetails Complete(ProblemDetailsContext context)
    {
        var given = context.ProblemDetails;
        var status = given.Status ?? context.HttpContext.Response.StatusCode;
        var problem = new ProblemDetails
        {
            // The platform sets a link and a title for some problems only: here each status has one of each.
            Type = "about:blank",
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = given.Detail ?? (context.Exception is BadHttpRequestException refusal ? StatusWords.Of(refusal) : null) ?? StatusWords.Of(status, context.HttpContext.Response),
            Instance = given.Instance,
            Extensions = new Dictionary<string, object?>(given.Extensions, StringComparer.Ordinal),
        };
        problem.Extensions["trace_id"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        if (given is HttpValidationProblemDetails validation)
        {
            problem.Extensions["errors"] = validation.Errors;
        }

        if (context.Exception is BadHttpRequestException { InnerException: JsonException { Path: { } path } })
        {
            problem.Extensions["errors"] = new Dictionary<string, string[]> { [FieldOf(path)] = ["cannot be read"] };
        }

        if (context.Exception is BadHeaderException header)
        {
            problem.Extensions["errors"] = new Dictionary<string, string[]> { [header.Header] = [header.Problem] };
        }

        if (context.Exception is BusyException busy)
        {
            problem.Extensions[Problems.RetryAfterMember] = Problems.Seconds(busy.RetryAfter);
        }

        if (context.Exception is BadHttpRequestException malformed && UnboundParameter.Find(malformed.Message) is { } unbound)
        {
            problem.Detail = "One or more fields are not valid. See errors.";
            problem.Extensions["errors"] = new Dictionary<string, string[]> { [unbound.Name] = [unbound.Problem] };
        }

        if (context.Exception is not (null or BadHttpRequestException) && environment.IsDevelopment())
        {
            problem.Extensions["exception"] = context.Exception.ToString();
        }

        return problem;
    }

    // Converts a JSON path ($.items[0].quantity) to the client's form (items[0].quantity).
    private static string FieldOf(string path) => path.TrimStart('$').TrimStart('.') is { Length: > 0 } field ? field : "body";
}
