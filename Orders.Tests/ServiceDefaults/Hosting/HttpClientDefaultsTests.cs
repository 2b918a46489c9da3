using System.Net;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class HttpClientDefaultsTests
{
    [Fact]
    public async Task A_client_of_the_factory_finds_services_by_name_and_tries_again()
    {
        var calls = 0;
        await using var other = await TestService.StartAsync(map: app => app.MapGet("/unsteady", (HttpResponse response) =>
        {
            response.Headers.RetryAfter = "0";
            return TypedResults.StatusCode(Interlocked.Increment(ref calls) == 1 ? 503 : 200);
        }).AllowAnonymous());
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["services:orders-other:http:0"] = other.Address.AbsoluteUri });
        using var client = service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        using var answer = await client.GetAsync("http://orders-other/unsteady");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task The_client_of_dynamodb_keeps_its_own_rules()
    {
        var calls = 0;
        await using var store = await TestService.StartAsync(map: app => app.MapPost("/", () =>
        {
            Interlocked.Increment(ref calls);
            return TypedResults.StatusCode(503);
        }).AllowAnonymous());
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["AWS_ENDPOINT_URL_DYNAMODB"] = store.Address.AbsoluteUri,
                ["AWS_ACCESS_KEY_ID"] = "local",
                ["AWS_SECRET_ACCESS_KEY"] = "local",
            },
            add: builder => builder.AddDynamoDb());
        var dynamo = service.App.Services.GetRequiredKeyedService<IAmazonDynamoDB>(DynamoDbSetup.WithoutRetries);

        await Should.ThrowAsync<AmazonServiceException>(() => dynamo.ListTablesAsync());

        calls.ShouldBe(1);
    }
}
