using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Orders.Api.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

public sealed class StoreFaultsTests
{
    public static TheoryData<Exception> Uncertain() =>
    [
        new OperationCanceledException(),
        new HttpRequestException("no connection"),
        new IOException("broken pipe"),
        new TimeoutException(),
        new AmazonClientException("no credentials"),
        new AmazonUnmarshallingException("?", "?", new FormatException()),
        new FormatException("from inside the SDK"),
        Answer("InternalServerError", HttpStatusCode.InternalServerError),
        Answer("ServiceUnavailable", HttpStatusCode.ServiceUnavailable),
        Answer("ThrottlingException", HttpStatusCode.InternalServerError),
        Answer("ValidationException", HttpStatusCode.InternalServerError),
        Answer("NeverHeardOf", HttpStatusCode.BadRequest),
        Answer(null, HttpStatusCode.Forbidden),
        Answer(null, default),
        new TransactionInProgressException("the first try") { ErrorCode = "TransactionInProgressException", StatusCode = HttpStatusCode.BadRequest },
        new TransactionCanceledException("why?") { StatusCode = HttpStatusCode.BadRequest },
        Cancelled("None", "NeverHeardOf"),
    ];

    public static TheoryData<Exception> TurnedAway() =>
    [
        Answer("ThrottlingException", HttpStatusCode.BadRequest),
        Answer("ProvisionedThroughputExceededException", HttpStatusCode.BadRequest),
        Answer("RequestLimitExceeded", HttpStatusCode.BadRequest),
        Answer("ResourceNotFoundException", HttpStatusCode.BadRequest),
        Answer("ExpiredTokenException", HttpStatusCode.BadRequest),
        Answer("AccessDeniedException", HttpStatusCode.BadRequest),
        Cancelled("None", "ThrottlingError"),
        Cancelled("TransactionConflict", "None"),
    ];

    [Theory]
    [MemberData(nameof(Uncertain))]
    public void What_is_not_known_to_be_a_decision_leaves_open_whether_a_write_was_carried_out(Exception failure)
    {
        StoreFaults.IsTurnedAway(failure).ShouldBeFalse();
        StoreFaults.IsConditionFailed(failure).ShouldBeFalse();
        StoreFaults.IsRefusal(failure).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(TurnedAway))]
    public void What_is_turned_away_was_not_carried_out(Exception failure)
    {
        StoreFaults.IsTurnedAway(failure).ShouldBeTrue();
        StoreFaults.IsConditionFailed(failure).ShouldBeFalse();
        StoreFaults.IsRefusal(failure).ShouldBeFalse();
    }

    [Fact]
    public void A_condition_that_fails_and_a_request_that_is_refused_are_decisions()
    {
        StoreFaults.IsConditionFailed(new ConditionalCheckFailedException("no")).ShouldBeTrue();
        StoreFaults.IsConditionFailed(Cancelled("ConditionalCheckFailed", "TransactionConflict")).ShouldBeTrue();
        StoreFaults.IsRefusal(Answer("ValidationException", HttpStatusCode.BadRequest)).ShouldBeTrue();
        StoreFaults.IsRefusal(Cancelled("ValidationError")).ShouldBeTrue();
    }

    private static AmazonDynamoDBException Answer(string? code, HttpStatusCode status) => new("no") { ErrorCode = code, StatusCode = status };

    private static TransactionCanceledException Cancelled(params string[] reasons) =>
        new("no") { StatusCode = HttpStatusCode.BadRequest, CancellationReasons = [.. reasons.Select(reason => new CancellationReason { Code = reason })] };
}
