using System.Collections.Frozen;
using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Orders.Api.Store;

/// <summary>
/// Classifies what a call to DynamoDB throws. Only error codes that are known here are decisions about the
/// request. Everything else, unreadable answers included, is a fault of the store, and leaves open whether a
/// write was carried out.
/// </summary>
internal static class StoreFaults
{
    private static readonly FrozenSet<string> Throttlings = FrozenSet.Create(
        StringComparer.Ordinal, "ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException");

    // Answers by which DynamoDB turns a call away before it does any of it.
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

    /// <summary>Whether DynamoDB says that the write's condition does not hold.</summary>
    public static bool IsConditionFailed(Exception failure) =>
        failure is ConditionalCheckFailedException || (failure is TransactionCanceledException cancelled && Reasons(cancelled).Contains("ConditionalCheckFailed"));

    /// <summary>
    /// Whether DynamoDB refuses the request as it is, for example because an item is too large.
    /// </summary>
    public static bool IsRefusal(Exception failure) => failure switch
    {
        TransactionCanceledException cancelled => !IsConditionFailed(cancelled) && Reasons(cancelled).Any(RefusalReasons.Contains),
        AmazonServiceException answer => IsBadRequest(answer) && answer.ErrorCode == "ValidationException",
        _ => false,
    };

    /// <summary>
    /// Whether another write, perhaps an earlier try of this one, holds the item at this moment.
    /// </summary>
    public static bool IsConflict(Exception failure) =>
        failure is TransactionConflictException or TransactionInProgressException
        || (failure is TransactionCanceledException cancelled && Reasons(cancelled).Contains("TransactionConflict"));

    /// <summary>Whether DynamoDB turned the call away because there is too much to do.</summary>
    public static bool IsThrottling(Exception failure) =>
        failure is AmazonServiceException answer && IsBadRequest(answer) && Throttlings.Contains(answer.ErrorCode ?? "");

    /// <summary>Whether a call that failed was certainly not carried out, no part of it.</summary>
    public static bool IsTurnedAway(Exception failure) => failure switch
    {
        TransactionCanceledException cancelled => Reasons(cancelled).Any(TurnedAwayReasons.Contains),
        AmazonServiceException answer => IsBadRequest(answer) && TurnedAway.Contains(answer.ErrorCode ?? ""),
        _ => false,
    };

    private static bool IsBadRequest(AmazonServiceException answer) => answer.StatusCode == HttpStatusCode.BadRequest;

    private static IEnumerable<string> Reasons(TransactionCanceledException cancelled) => cancelled.CancellationReasons?.Select(reason => reason?.Code ?? "") ?? [];
}
