using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Place;
using Orders.ServiceDefaults.Errors;

namespace Orders.Api.Http;

/// <summary>
/// The 503 responses for an unavailable or busy store: what is known about the request, and how to find out
/// the rest.
/// </summary>
internal static class UnknownOutcome
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The request was not executed, and will not be.</summary>
    public static ProblemHttpResult NotCarriedOut() => Unavailable("The order store is busy or away. The request was not carried out: repeat it.", "not_carried_out");

    /// <summary>The same, with 429 when it is because of the key's own other requests.</summary>
    public static ProblemHttpResult NotCarriedOut(BusyException busy)
    {
        var problem = busy.Answer();
        problem.ProblemDetails.Extensions["outcome"] = "not_carried_out";
        return problem;
    }

    /// <summary>The request may have been executed, or may still be.</summary>
    /// <param name="request">The request.</param>
    /// <param name="orderId">The order that it would have placed, if the client does not know its
    /// id.</param>
    public static ProblemHttpResult Of(HttpRequest request, Guid? orderId)
    {
        var problem = Unavailable($"The order store is busy or away, and the request may have been carried out. {HowToFindOut(request)}", "unknown");
        if (orderId is not null)
        {
            problem.ProblemDetails.Extensions["order_id"] = orderId;
        }

        return problem;
    }

    private static string HowToFindOut(HttpRequest request) => request.Method switch
    {
        "PATCH" => "GET the order and compare its version and its status, or repeat the request without If-Match: a status that is there already is answered with 200.",
        "DELETE" => "Repeat it: 404 then says that the order is gone.",
        _ when request.Headers.ContainsKey(IdempotencyKey.Header) => $"Repeat it with the same {IdempotencyKey.Header}: the order is placed once.",
        _ => $"GET the order of order_id: it is there if it was placed. To be able to repeat a request, send it with an {IdempotencyKey.Header}.",
    };

    private static ProblemHttpResult Unavailable(string detail, string outcome)
    {
        var problem = Problems.Unavailable(detail, RetryAfter);
        problem.ProblemDetails.Extensions["outcome"] = outcome;
        return problem;
    }
}
