using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.AspNetCore.Http;
using Orders.Api.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

public sealed class StoreFaultsTests
{
    public static TheoryData<Exception> Away() =>
    [
        new OperationCanceledException(),
        new HttpRequestException("no connection"),
        new IOException("broken pipe"),
        new TimeoutException(),
        new StoreBusyException("full"),
        new AmazonClientException("no credentials"),
        Answer("InternalServerError", HttpStatusCode.InternalServerError),
        Answer("ServiceUnavailable", HttpStatusCode.ServiceUnavailable),
        Answer("ThrottlingException", HttpStatusCode.BadRequest),
        Answer("ProvisionedThroughputExceededException", HttpStatusCode.BadRequest),
        Answer("RequestLimitExceeded", HttpStatusCode.BadRequest),
        Answer("ResourceNotFoundException", HttpStatusCode.BadRequest),
        Answer("ExpiredTokenException", HttpStatusCode.BadRequest),
        Answer("AccessDeniedException", HttpStatusCode.BadRequest),
        Answer(null, default),
    ];

    [Theory]
    [MemberData(nameof(Away))]
    public void A_store_that_is_away_or_busy_is_told_from_a_bad_request(Exception failure) => StoreFaults.IsUnavailable(failure).ShouldBeTrue();

    [Fact]
    public void What_the_store_decided_or_we_did_wrong_is_not_taken_for_a_store_that_is_away()
    {
        StoreFaults.IsUnavailable(Answer("ValidationException", HttpStatusCode.BadRequest)).ShouldBeFalse();
        StoreFaults.IsUnavailable(new ConditionalCheckFailedException("no") { StatusCode = HttpStatusCode.BadRequest }).ShouldBeFalse();
        StoreFaults.IsUnavailable(new TransactionCanceledException("no") { StatusCode = HttpStatusCode.BadRequest }).ShouldBeFalse();
        StoreFaults.IsUnavailable(new BadHttpRequestException("the body is too large")).ShouldBeFalse();
        StoreFaults.IsUnavailable(new InvalidOperationException()).ShouldBeFalse();
    }

    private static AmazonDynamoDBException Answer(string? code, HttpStatusCode status) => new("no") { ErrorCode = code, StatusCode = status };
}
