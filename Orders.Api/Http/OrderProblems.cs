using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Body;
using Orders.ServiceDefaults;

namespace Orders.Api.Http;

/// <summary>The problems that several endpoints answer with, in the same words.</summary>
internal static class OrderProblems
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>404 in the same words for an order that is not there, that is another merchant's, and for what is no order id at all.</summary>
    public static ProblemHttpResult NotFound() => Problems.NotFound("There is no such order.");

    /// <summary>400 with every bad field.</summary>
    public static ProblemHttpResult Invalid(FieldErrors errors) => Problems.Validation(errors.ByField);

    /// <summary>400 for one header.</summary>
    public static ProblemHttpResult InvalidHeader(string header, string message) =>
        Problems.Validation(new Dictionary<string, string[]>(StringComparer.Ordinal) { [header] = [message] });

    /// <summary>403 for placing an order in the name of a merchant that the key does not belong to.</summary>
    public static ProblemHttpResult OtherMerchant() => TypedResults.Problem(
        "The key may not place orders for this merchant. See errors.",
        statusCode: StatusCodes.Status403Forbidden,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = OtherMerchantErrors.ByField });

    /// <summary>What <see cref="OtherMerchant"/> says, field by field.</summary>
    public static FieldErrors OtherMerchantErrors { get; } = One("merchant_id", "is not a merchant that this key may act for");

    /// <summary>412 for an If-Match that does not name the version there is.</summary>
    public static ProblemHttpResult Stale(long version) => Problems.PreconditionFailed($"The order is at version {version}, which {IfMatch.Header} does not name.");

    /// <summary>415.</summary>
    public static ProblemHttpResult WrongMediaType(string expected) => Problems.UnsupportedMediaType($"Send the body as {expected}, and say so in Content-Type.");

    /// <summary>503 with Retry-After.</summary>
    public static ProblemHttpResult StoreUnavailable() =>
        Problems.Unavailable("The order store is busy or away. Nothing is known of this request's outcome: repeat it, with an Idempotency-Key where it places an order.", RetryAfter);

    private static FieldErrors One(string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(new FieldPath(field), message);
        return errors;
    }
}
