using System.Text;
using Amazon.DynamoDBv2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class DynamoDbAnswersTests
{
    [Theory]
    [InlineData("PutItem", "{}", true)]
    [InlineData("PutItem", """{"Attributes":{},"New":[1,{"a":null}]}""", true)]
    [InlineData("GetItem", "{}", true)]
    [InlineData("GetItem", """{"ConsumedCapacity":{},"Item":{}}""", true)]
    [InlineData("GetItem", """{"message":"hello"}""", false)]
    [InlineData("GetItem", """{"Item":null}""", false)]
    [InlineData("GetItem", """{"other":{"Item":{}}}""", false)]
    [InlineData("PutItem", "", false)]
    [InlineData("PutItem", "[]", false)]
    [InlineData("PutItem", "null", false)]
    [InlineData("PutItem", "<html>", false)]
    [InlineData("PutItem", "{", false)]
    [InlineData("PutItem", """{"Attributes":{}""", false)]
    [InlineData("PutItem", "{} x", false)]
    public void An_answer_of_success_is_one_whole_object(string operation, string body, bool isWhole) =>
        DynamoDbAnswers.IsWhole(Encoding.UTF8.GetBytes(body), operation).ShouldBe(isWhole);

    // An item of 32 levels, each with its type tag.
    [Fact]
    public void The_deepest_item_there_can_be_is_an_answer()
    {
        var item = string.Concat(Enumerable.Repeat("""{"a":{"M":""", 32)) + "{}" + new string('}', 64);

        DynamoDbAnswers.IsWhole(Encoding.UTF8.GetBytes($$"""{"Item":{{item}}}"""), "GetItem").ShouldBeTrue();
    }

    // The SDK does so beside its retries, since the connection may have been closed while it was idle.
    [Fact]
    public async Task The_client_without_retries_does_not_send_a_call_again_whose_connection_is_closed()
    {
        var calls = 0;
        await using var store = await TestService.StartAsync(map: app => app.MapPost("/", (HttpContext http) =>
        {
            Interlocked.Increment(ref calls);
            http.Abort();
        }).AllowAnonymous());
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_DYNAMODB"] = store.Address.AbsoluteUri },
            add: builder => builder.AddDynamoDb());
        var dynamo = service.App.Services.GetRequiredKeyedService<IAmazonDynamoDB>(DynamoDbSetup.WithoutRetries);

        await Should.ThrowAsync<Exception>(() => dynamo.ListTablesAsync());

        calls.ShouldBe(1);
    }
}
