using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Api.Table;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Table;

public sealed class TableCheckTests(TestEngines engines)
{
    private const string Development = "Development";
    private const string Production = "Production";

    [Fact]
    public async Task In_Development_a_missing_table_is_created_with_its_stream_and_its_TTL()
    {
        var stores = await engines.CreateStoresAsync();

        await StartAsync(stores);

        using var dynamo = ApiService.Dynamo(stores.DynamoDb);
        var table = (await dynamo.DescribeTableAsync(stores.Table)).Table;
        table.TableStatus.ShouldBe(TableStatus.ACTIVE);
        table.KeySchema.Select(key => (key.AttributeName, key.KeyType.Value)).ShouldBe([("pk", "HASH"), ("sk", "RANGE")]);
        table.BillingModeSummary.BillingMode.ShouldBe(BillingMode.PAY_PER_REQUEST);
        table.StreamSpecification.StreamViewType.ShouldBe(StreamViewType.NEW_AND_OLD_IMAGES);
        var timeToLive = (await dynamo.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = stores.Table })).TimeToLiveDescription;
        (timeToLive.AttributeName, timeToLive.TimeToLiveStatus.Value).ShouldBe(("expires_at", "ENABLED"));
        TableShape.Fault(table).ShouldBeNull();
    }

    [Fact]
    public async Task Services_that_start_at_once_on_no_table_all_start()
    {
        var stores = await engines.CreateStoresAsync();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => StartAsync(stores)));
    }

    // So it is when another creates the table between the look and the creation, and takes its time.
    [Fact]
    public async Task A_table_that_another_is_creating_is_waited_for()
    {
        var stores = await engines.CreateStoresAsync();
        await StartAsync(stores);
        await using var dynamo = await FaultyDynamo.StartAsync(stores.DynamoDb);
        var looks = 0;
        dynamo.Before = call => Task.FromResult(call.Operation == "DescribeTable" && looks++ == 0 ? DynamoAnswer.Error("ResourceNotFoundException") : null);
        dynamo.After = (call, answer) => call.Operation == "DescribeTable" && looks < 4 ? answer with { Body = answer.Body.Replace("ACTIVE", "CREATING", StringComparison.Ordinal) } : answer;

        await StartAsync(stores, Development, dynamo.Address);

        (dynamo.Count("CreateTable"), looks).ShouldBe((1, 4));
    }

    [Fact]
    public async Task Elsewhere_a_missing_table_stops_the_start_with_the_command_that_creates_it()
    {
        var stores = await engines.CreateStoresAsync();

        var stop = await Should.ThrowAsync<SettingsException>(StartAsync(stores, Production));

        stop.Setting.ShouldBe("Orders__Table");
        stop.Message.ShouldContain($"aws dynamodb create-table --table-name {stores.Table}");
        stop.Message.ShouldNotContain("\n");
        using var dynamo = ApiService.Dynamo(stores.DynamoDb);
        await Should.ThrowAsync<ResourceNotFoundException>(dynamo.DescribeTableAsync(stores.Table));
    }

    [Fact]
    public async Task Elsewhere_a_table_as_it_should_be_is_left_as_it_is()
    {
        var stores = await engines.CreateStoresAsync();
        await CreateAsync(stores, TableShape.Create(stores.Table));

        await StartAsync(stores, Production);

        using var dynamo = ApiService.Dynamo(stores.DynamoDb);
        var timeToLive = (await dynamo.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = stores.Table })).TimeToLiveDescription;
        timeToLive.TimeToLiveStatus.ShouldBe(TimeToLiveStatus.DISABLED);
    }

    [Theory]
    [InlineData(Development)]
    [InlineData(Production)]
    public async Task A_table_without_a_stream_stops_the_start(string environment)
    {
        var stores = await engines.CreateStoresAsync();
        var create = TableShape.Create(stores.Table);
        create.StreamSpecification = null;
        await CreateAsync(stores, create);

        var stop = await Should.ThrowAsync<SettingsException>(StartAsync(stores, environment));

        stop.Problem.ShouldContain("has no stream");
        stop.WayOut.ShouldContain("StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES");
    }

    [Theory]
    [InlineData(Development, "KEYS_ONLY")]
    [InlineData(Production, "KEYS_ONLY")]
    [InlineData(Production, "NEW_IMAGE")]
    [InlineData(Production, "OLD_IMAGE")]
    public async Task A_stream_of_another_view_type_stops_the_start(string environment, string viewType)
    {
        var stores = await engines.CreateStoresAsync();
        var create = TableShape.Create(stores.Table);
        create.StreamSpecification = new() { StreamEnabled = true, StreamViewType = viewType };
        await CreateAsync(stores, create);

        var stop = await Should.ThrowAsync<SettingsException>(StartAsync(stores, environment));

        stop.Problem.ShouldContain(viewType);
        stop.WayOut.ShouldContain("NEW_AND_OLD_IMAGES");
    }

    [Fact]
    public async Task A_table_with_other_keys_stops_the_start()
    {
        var stores = await engines.CreateStoresAsync();
        var create = TableShape.Create(stores.Table);
        create.AttributeDefinitions = [new("id", ScalarAttributeType.S)];
        create.KeySchema = [new("id", KeyType.HASH)];
        await CreateAsync(stores, create);

        (await Should.ThrowAsync<SettingsException>(StartAsync(stores))).Problem.ShouldContain("other keys than pk and sk");
    }

    // An address that is wrong looks the same: the log says it, and nothing is lost by waiting.
    [Fact]
    public async Task A_store_that_nobody_listens_for_is_waited_for_and_the_log_names_the_address()
    {
        var stores = await engines.CreateStoresAsync();
        var dynamo = await FaultyDynamo.StartAsync(stores.DynamoDb);
        var address = dynamo.Address;
        await dynamo.DisposeAsync();
        await using var app = ApiService.Build(ApiService.Settings(stores, ("AWS_ENDPOINT_URL_DYNAMODB", address), ("Logging:LogLevel:Default", "Warning")));
        using var logs = new RecordedLogs();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);

        await app.StartAsync();

        logs.All.ShouldContain(line => line.Contains($"No DynamoDB answers at {address}", StringComparison.Ordinal) && line.Contains("AWS_ENDPOINT_URL_DYNAMODB", StringComparison.Ordinal));
        await app.StopAsync();
    }

    [Fact]
    public async Task Credentials_without_the_right_to_look_stop_the_start_and_name_the_rights()
    {
        var stores = await engines.CreateStoresAsync();
        await using var dynamo = await FaultyDynamo.StartAsync(stores.DynamoDb);
        dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(DynamoAnswer.Error("AccessDeniedException"));

        (await Should.ThrowAsync<SettingsException>(StartAsync(stores, Production, dynamo.Address))).WayOut.ShouldContain("dynamodb:DescribeTable");
    }

    [Fact]
    public async Task Credentials_that_nobody_knows_stop_the_start()
    {
        var stores = await engines.CreateStoresAsync();
        await using var dynamo = await FaultyDynamo.StartAsync(stores.DynamoDb);
        dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(DynamoAnswer.Error("UnrecognizedClientException", message: "The security token is invalid"));

        (await Should.ThrowAsync<SettingsException>(StartAsync(stores, Production, dynamo.Address))).Message.ShouldContain("The security token is invalid");
    }

    [Fact]
    public async Task A_store_without_TTL_does_not_stop_the_start()
    {
        var stores = await engines.CreateStoresAsync();
        await using var dynamo = await FaultyDynamo.StartAsync(stores.DynamoDb);
        dynamo.Before = call => Task.FromResult(call.Operation.EndsWith("TimeToLive", StringComparison.Ordinal) ? DynamoAnswer.Error("UnknownOperationException") : null);

        await StartAsync(stores, Development, dynamo.Address);

        dynamo.Count("DescribeTimeToLive").ShouldBe(1);
    }

    [Theory]
    [InlineData("Orders:Store:TimeoutSeconds", "soon")]
    [InlineData("Orders:Store:TimeoutSeconds", "0")]
    [InlineData("Orders:Store:TimeoutSeconds", "61")]
    [InlineData("Orders:Store:InFlight", "-1")]
    [InlineData("Orders:Store:InFlight", "0.5")]
    [InlineData("Orders:Idempotency:Hours", "NaN")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string name, string value)
    {
        var stores = await engines.CreateStoresAsync();
        await using var app = ApiService.Build(ApiService.Settings(stores, (name, value)));

        var stop = await Should.ThrowAsync<SettingsException>(app.StartAsync());

        stop.Setting.ShouldBe(name.Replace(":", "__", StringComparison.Ordinal));
    }

    private static async Task StartAsync(TestStores stores, string environment = Development, string? address = null)
    {
        await using var app = ApiService.Build(ApiService.Settings(stores, ("AWS_ENDPOINT_URL_DYNAMODB", address ?? stores.DynamoDb), ("Orders:Keys:0:Hash", ApiKeyHash.Of("not bar").ToString())), environment);
        await app.StartAsync();
        await app.StopAsync();
    }

    private static async Task CreateAsync(TestStores stores, CreateTableRequest create)
    {
        using var dynamo = ApiService.Dynamo(stores.DynamoDb);
        await dynamo.CreateTableAsync(create);
    }
}
