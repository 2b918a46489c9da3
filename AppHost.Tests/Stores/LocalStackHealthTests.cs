using System.Text.Json;
using Orders.AppHost.Stores;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Stores;

public sealed class LocalStackHealthTests
{
    [Theory]
    [InlineData("""{"services":{"dynamodb":"running","dynamodbstreams":"running","kinesis":"running","s3":"available","sqs":"disabled"},"version":"4.14.0"}""", null)]
    [InlineData("""{"services":{"dynamodb":"available","dynamodbstreams":"available"}}""", null)]
    [InlineData("""{"services":{"dynamodb":"starting","dynamodbstreams":"available"}}""", "Its service dynamodb is starting.")]
    [InlineData("""{"services":{"dynamodb":"running","dynamodbstreams":"disabled"}}""", "Its service dynamodbstreams is disabled.")]
    [InlineData("""{"services":{"dynamodb":"running"}}""", "Its service dynamodbstreams is missing.")]
    [InlineData("""{"services":[]}""", "Its health page lists no services.")]
    [InlineData("[]", "Its health page lists no services.")]
    public void It_is_healthy_when_the_table_and_its_stream_can_be_used(string page, string? fault) =>
        LocalStackHealth.Find(JsonDocument.Parse(page).RootElement).ShouldBe(fault);
}
