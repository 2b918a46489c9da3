using System.Collections.Frozen;
using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Orders.Api.Store;

/// <summary>
/// Classifies the exceptions of DynamoDB calls. Only known error codes are decisions about the request.
/// Everything else, including unreadable responses, is a failure of the store, and leaves it unknown whether
/// a write was executed.
/// </summary>
internal static class StoreFaults
{
    private static readonly FrozenSet<string> Throttlings = FrozenSet.Create(
        StringComparer.Ordinal, "ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException");

    // Errors with which DynamoDB rejects a call before it executes any part.
    private static readonly FrozenSet<string> TurnedAway = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            .. Throttlings,
            "AccessDeniedException",
            "ExpiredTokenException",
            "IncompleteSignatureException",
            "InvalidSignatureException",
            "LimitExceededException",
            "MissingAuthenticationTokenException",
            "ReplicatedWriteConflictException",
            "ResourceNotFoundException",
            "TransactionConflictException",
            "UnrecognizedClientException",
        ]);

    private static readonly FrozenSet<string> RefusalReasons = FrozenSet.Create(StringComparer.Ordinal, "ItemCollectionSizeLimitExceeded", "ValidationError");

    private static readonly FrozenSet<string> TurnedAwayReasons =
        FrozenSet.Create(StringComparer.Ordinal, "ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict");

    /// <summary>Whether the condition of the write failed.</summary>
    public static bool IsConditionFailed(Exception failure) =>
        failure is ConditionalCheckFailedException || (failure is TransactionCanceledException cancelled && Reasons(cancelled).Contains("ConditionalCheckFailed"));

    /// <summary>
    /// Whether DynamoDB rejects the request as invalid, for example because an item is too large.
    /// </summary>
    public static bool IsRefusal(Exception failure) => failure switch
    {
        TransactionCanceledException cancelled => !IsConditionFailed(cancelled) && Reasons(cancelled).Any(RefusalReasons.Contains),
        AmazonServiceException answer => IsBadRequest(answer) && answer.ErrorCode == "ValidationException",
        _ => false,
    };

    /// <summary>
    /// Whether another write, perhaps an earlier attempt of this one, is changing the item now.
    /// </summary>
    public static bool IsConflict(Exception failure) =>
        failure is TransactionConflictException or TransactionInProgressException
        || (failure is TransactionCanceledException cancelled && Reasons(cancelled).Contains("TransactionConflict"));

    /// <summary>Whether DynamoDB throttled the call.</summary>
    public static bool IsThrottling(Exception failure) =>
        failure is AmazonServiceException answer && IsBadRequest(answer) && Throttlings.Contains(answer.ErrorCode ?? "");

    /// <summary>Whether no part of a failed call was executed.</summary>
    public static bool IsTurnedAway(Exception failure) => failure switch
    {
        TransactionCanceledException cancelled => Reasons(cancelled).Any(TurnedAwayReasons.Contains),
        AmazonServiceException answer => IsBadRequest(answer) && TurnedAway.Contains(answer.ErrorCode ?? ""),
        _ => false,
    };

    private static bool IsBadRequest(AmazonServiceException answer) => answer.StatusCode == HttpStatusCode.BadRequest;

    private static IEnumerable<string> Reasons(TransactionCanceledException cancelled) => cancelled.CancellationReasons?.Select(reason => reason?.Code ?? "") ?? [];
}
