using System.Collections.Frozen;
using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Orders.Api.Store;

/// <summary>Tells a store that is away or busy from a fault of ours.</summary>
internal static class StoreFaults
{
    // 4xx answers that are about the store's state or our rights, and not about the request: the client can do nothing but wait.
    private static readonly FrozenSet<string> Codes = FrozenSet.Create(
        StringComparer.Ordinal,
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "LimitExceededException",
        "MissingAuthenticationTokenException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ReplicatedWriteConflictException",
        "ResourceNotFoundException",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
        "UnrecognizedClientException");

    private static readonly FrozenSet<string> Throttlings = FrozenSet.Create(
        StringComparer.Ordinal, "ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException");

    /// <summary>Whether repeating the request later may help. Whether it was carried out is then not known.</summary>
    public static bool IsUnavailable(Exception failure) => failure switch
    {
        // An IOException too, but one of reading the client's own body.
        BadHttpRequestException => false,
        StoreBusyException or OperationCanceledException or HttpRequestException or IOException or TimeoutException => true,
        ConditionalCheckFailedException or TransactionCanceledException => false,
        AmazonServiceException answer => (int)answer.StatusCode is 0 or >= StatusCodes.Status500InternalServerError || Codes.Contains(answer.ErrorCode ?? ""),
        // No answer at all: no credentials to be found, no connection.
        AmazonClientException => true,
        _ => false,
    };

    /// <summary>Whether DynamoDB turned the request away because there is too much to do. Then it was certainly not carried out, no part of it.</summary>
    public static bool IsThrottling(Exception failure) =>
        failure is AmazonServiceException { StatusCode: HttpStatusCode.BadRequest } answer && Throttlings.Contains(answer.ErrorCode ?? "");

    /// <summary>Whether DynamoDB refuses the request as it is, for example because an item is too large.</summary>
    public static bool IsRefusal(Exception failure) => failure is AmazonServiceException { ErrorCode: "ValidationException" };
}
