using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Body;
using Orders.Api.Store;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.Http;

/// <summary>The problem responses that several endpoints share.</summary>
internal static class OrderProblems
{
    /// <summary>
    /// The same 404 for an order that does not exist, an order of another merchant, and a malformed id.
    /// </summary>
    public static ProblemHttpResult NotFound() => Problems.NotFound("There is no such order.");

    /// <summary>400 with every invalid field.</summary>
    public static ProblemHttpResult Invalid(FieldErrors errors) => Problems.Validation(errors.ByField);

    /// <summary>400 for one header.</summary>
    public static ProblemHttpResult InvalidHeader(string header, string message) =>
        Problems.Validation(new Dictionary<string, string[]>(StringComparer.Ordinal) { [header] = [message] });

    /// <summary>403 for placing an order for a merchant that the key does not belong to.</summary>
    public static ProblemHttpResult OtherMerchant() => TypedResults.Problem(
        "The key may not place orders for this merchant. See errors.",
        statusCode: StatusCodes.Status403Forbidden,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = OtherMerchantErrors.ByField });

    /// <summary>The errors of <see cref="OtherMerchant"/>, by field.</summary>
    public static FieldErrors OtherMerchantErrors { get; } = One(new FieldPath("merchant_id"), "is not a merchant that this key may act for");

    /// <summary>412 for an If-Match that does not match the current version.</summary>
    public static ProblemHttpResult Stale(long version, IfMatch ifMatch) => Problems.PreconditionFailed(ifMatch.HasWeakTagsOnly
        ? $"{IfMatch.Header} compares strongly (RFC 9110, 13.1.1), so that a weak tag, W/\"…\", never matches. The order is at version {version}: send \"{version}\", as its ETag was before something on the way made it weak."
        : $"The order is at version {version}, which {IfMatch.Header} does not name.");

    /// <summary>409 for an invalid item in the table; 404 for a caller who may not see the order.</summary>
    public static ProblemHttpResult Broken(BrokenItemException broken, Caller caller)
    {
        if (!caller.AllMerchants && (broken.MerchantId is not { } merchantId || !caller.MayUse(merchantId)))
        {
            return NotFound();
        }

        return TypedResults.Problem(
            $"What is stored is broken, and this request was not carried out; repeating it mends nothing. {broken.WayOut} See errors and item.",
            statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["errors"] = One(new FieldPath(broken.Attribute), broken.Problem).ByField,
                ["item"] = new Dictionary<string, string?>(StringComparer.Ordinal) { [OrderAttributes.Pk] = broken.Key.Pk, [OrderAttributes.Sk] = broken.Key.Sk },
            });
    }

    /// <summary>409 for an order with the highest possible version.</summary>
    public static ProblemHttpResult LastVersion(long version) => TypedResults.Problem(
        "The order cannot be changed any more. Whoever may write to the table gives it a lower version, or DELETE it. See errors.",
        statusCode: StatusCodes.Status409Conflict,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = One(new FieldPath("version"), $"is {version}, and there is none after it").ByField });

    /// <summary>415.</summary>
    public static ProblemHttpResult WrongMediaType(string expected) => Problems.UnsupportedMediaType($"Send the body as {expected}, and say so in Content-Type.");

    /// <summary>400 for a request that the store rejects as invalid.</summary>
    public static ProblemHttpResult Refused(string reason) => Invalid(One(FieldPath.Body, $"is refused by the order store: {reason}"));

    private static FieldErrors One(FieldPath field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return errors;
    }
}
