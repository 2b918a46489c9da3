using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.ServiceDefaults.Errors;

/// <summary>The errors that services answer with, as RFC 9457 problem details.</summary>
public static class Problems
{
    internal const string RetryAfterMember = "retry_after";

    /// <summary>400. The request is malformed.</summary>
    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    /// <summary>400 with the member <c>errors</c>.</summary>
    /// <param name="errors">Every bad field by its name in the request (<c>items[0].quantity</c>) with what
    /// is wrong with it.</param>
    public static ProblemHttpResult Validation(IReadOnlyDictionary<string, string[]> errors) =>
        Of(StatusCodes.Status400BadRequest, "One or more fields are not valid. See errors.", new() { ["errors"] = errors });

    /// <summary>404. Also for resources of another merchant.</summary>
    public static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    /// <summary>409. The request conflicts with the state of the resource.</summary>
    public static ProblemHttpResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, detail);

    /// <summary>412. <c>If-Match</c> names another version.</summary>
    public static ProblemHttpResult PreconditionFailed(string detail) => Of(StatusCodes.Status412PreconditionFailed, detail);

    /// <summary>413. The body is too large.</summary>
    public static ProblemHttpResult TooLarge(string detail) => Of(StatusCodes.Status413PayloadTooLarge, detail);

    /// <summary>415. A body of another media type.</summary>
    public static ProblemHttpResult UnsupportedMediaType(string detail) => Of(StatusCodes.Status415UnsupportedMediaType, detail);

    /// <summary>
    /// 422. Well-formed, but not possible, for example an Idempotency-Key with another body.
    /// </summary>
    public static ProblemHttpResult Unprocessable(string detail) => Of(StatusCodes.Status422UnprocessableEntity, detail);

    /// <summary>429 with <c>Retry-After</c>.</summary>
    /// <param name="detail">Which limit.</param>
    /// <param name="retryAfter">Rounded up to whole seconds, at least one.</param>
    public static ProblemHttpResult TooManyRequests(string detail, TimeSpan retryAfter) =>
        Of(StatusCodes.Status429TooManyRequests, detail, RetryAfter(retryAfter));

    /// <summary>503 with <c>Retry-After</c>: a dependency is unavailable or busy.</summary>
    /// <param name="detail">What is unavailable. Without addresses, since clients read it.</param>
    /// <param name="retryAfter">Rounded up to whole seconds, at least one.</param>
    public static ProblemHttpResult Unavailable(string detail, TimeSpan retryAfter) =>
        Of(StatusCodes.Status503ServiceUnavailable, detail, RetryAfter(retryAfter));

    internal static ProblemHttpResult Of(int status, string detail, Dictionary<string, object?>? members = null) =>
        TypedResults.Problem(detail, statusCode: status, extensions: members);

    // A problem result cannot set headers: ProblemWriter makes the header from this member.
    private static Dictionary<string, object?> RetryAfter(TimeSpan wait) =>
        new() { [RetryAfterMember] = Seconds(wait) };

    internal static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
