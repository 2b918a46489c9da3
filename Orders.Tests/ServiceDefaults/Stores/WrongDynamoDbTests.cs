using Orders.ServiceDefaults.Stores;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// A DynamoDB that knows us and will not, or does not know us, is no DynamoDB that is away.
/// </summary>
public sealed class WrongDynamoDbTests(TestEngines engines)
{
    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("UnrecognizedClientException")]
    [InlineData("ExpiredTokenException")]
    public async Task A_refusal_is_said(string error)
    {
        var stores = await engines.CreateStoresAsync();
        await using var dynamo = await FaultyDynamo.StartAsync(stores.DynamoDb);
        dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(DynamoAnswer.Error(error));
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_DYNAMODB"] = dynamo.Address, ["Orders:Table"] = stores.Table },
            add: builder => builder.AddDynamoDb());

        var said = await WrongPostgresTests.DescriptionAsync(service.Anonymous, "dynamodb");

        said.ShouldNotBeNull().ShouldStartWith("refuses the credentials");
        said.ShouldContain(error);
    }
}
