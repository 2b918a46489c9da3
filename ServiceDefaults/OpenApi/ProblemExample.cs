using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Orders.ServiceDefaults.Errors;

namespace Orders.ServiceDefaults.OpenApi;

/// <summary>Examples of problem details for the OpenAPI document.</summary>
public static class ProblemExample
{
    private const string MediaType = "application/problem+json";

    /// <summary>The content of a response: a problem like those of <see cref="Problems"/>.</summary>
    /// <param name="status">Its status, from 400.</param>
    /// <param name="detail">What went wrong.</param>
    /// <param name="errors">For a 400: a field and what is wrong with it.</param>
    public static Dictionary<string, OpenApiMediaType> Content(int status, string detail, (string Field, string Message)? errors = null)
    {
        var problem = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = detail,
        };
        if (errors is var (field, message))
        {
            problem["errors"] = new JsonObject { [field] = new JsonArray(message) };
        }

        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            problem[Problems.RetryAfterMember] = 1;
        }

        problem["trace_id"] = "0af7651916cd43dd8448eb211c80319c";
        return new(StringComparer.Ordinal) { [MediaType] = new() { Example = problem } };
    }
}
