using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults;
using Orders.Sync;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

/// <summary>
/// Wrong settings stop the start with one line that says what to do, as a process prints it, and the exit
/// code 1.
/// </summary>
public sealed class StreamCheckTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Fact]
    public async Task A_table_that_does_not_exist() =>
        (await FailAsync(("Orders:Table", "nowhere"))).ShouldBe(
            "Orders__Table: The table 'nowhere' does not exist or has no stream. Create it with a stream of NEW_AND_OLD_IMAGES (Orders.Api does so in Development), or name another table.");

    [Fact]
    public async Task A_table_without_a_stream()
    {
        await CreateAsync("without_stream", null);
        (await FailAsync(("Orders:Table", "without_stream"))).ShouldStartWith("Orders__Table: The table 'without_stream' does not exist or has no stream. Create it");
    }

    [Fact]
    public async Task A_stream_of_another_view_type()
    {
        await CreateAsync("keys_only", StreamViewType.KEYS_ONLY);
        var line = await FailAsync(("Orders:Table", "keys_only"));
        line.ShouldStartWith("Orders__Table: ");
        line.ShouldContain("KEYS_ONLY");
        line.ShouldEndWith("Change it: disable the stream, then enable it with NEW_AND_OLD_IMAGES.");
    }

    [Theory]
    [InlineData("id S", null, "key id (S)")]
    [InlineData("pk S", null, "key pk (S)")]
    [InlineData("pk S", "created_at N", "keys pk (S) and created_at (N)")]
    [InlineData("pk S", "sk B", "keys pk (S) and sk (B)")]
    [InlineData("sk S", "pk S", "keys sk (S) and pk (S)")]
    public async Task A_table_with_other_keys(string partition, string? sort, string keys)
    {
        var table = $"keys_{partition}_{sort}".Replace(' ', '_');
        var parts = new[] { partition, sort }.OfType<string>().Select(part => part.Split(' ')).ToArray();
        using var dynamo = StreamTable.Client(fixture.Stores);
        await dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [.. parts.Select(part => new AttributeDefinition(part[0], part[1]))],
            KeySchema = [.. parts.Select((part, place) => new KeySchemaElement(part[0], place == 0 ? KeyType.HASH : KeyType.RANGE))],
            StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
        });

        (await FailAsync(("Orders:Table", table))).ShouldBe(
            $"Orders__Table: The table '{table}' has the {keys}, not pk (S) and sk (S). "
            + "Name another table, or create one with the partition key pk (S) and the sort key sk (S) (Orders.Api does so in Development).");
    }

    [Fact]
    public async Task A_table_that_cannot_be_asked_for_its_keys_is_no_reason_to_stop()
    {
        await CreateAsync("unasked", StreamViewType.NEW_AND_OLD_IMAGES);
        await using var denying = await DenyingAsync();
        var settings = fixture.Stores.Settings;
        settings["Orders:Table"] = "unasked";
        settings["AWS_ENDPOINT_URL_DYNAMODB"] = denying.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        settings["urls"] = "http://127.0.0.1:0";
        await using var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);

        await app.StartAsync();
        await app.StopAsync();
    }

    [Fact]
    public async Task No_right_to_read_the_stream()
    {
        await using var denying = await DenyingAsync();
        var line = await FailAsync(("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", denying.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
        line.ShouldStartWith("Orders__Table: Its stream may not be read (");
        line.ShouldContain("not authorized to perform: dynamodb:ListStreams");
        line.ShouldEndWith("Allow dynamodb:ListStreams, DescribeStream, GetShardIterator and GetRecords on its streams.");
    }

    [Fact]
    public async Task No_database() =>
        (await FailAsync(("ConnectionStrings:orders", null))).ShouldStartWith("ConnectionStrings__orders: It is not set, and the read model is in Postgres.");

    [Fact]
    public async Task No_right_to_make_the_tables()
    {
        await fixture.ExecuteAsync("DROP ROLE IF EXISTS sync_nobody; CREATE ROLE sync_nobody LOGIN PASSWORD 'x'; REVOKE ALL ON SCHEMA sync FROM PUBLIC");
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(fixture.Stores.Postgres) { Username = "sync_nobody", Password = "x" };
        var line = await FailAsync(("ConnectionStrings:orders", connection.ConnectionString));
        line.ShouldStartWith("ConnectionStrings__orders: The database refuses (permission denied");
        line.ShouldEndWith("Correct the settings, or the rights of the user.");
    }

    private async Task<string> FailAsync(params (string Name, string? Value)[] settings)
    {
        var all = fixture.Stores.Settings;
        foreach (var (name, value) in TestService.Key())
        {
            all[name] = value;
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        all["urls"] = "http://127.0.0.1:0";
        await using var app = SyncHost.Build(new() { EnvironmentName = "Production" }, all);
        await using var errors = new StringWriter();

        (await ServiceRunner.RunAsync(app, errors)).ShouldBe(1);

        var line = errors.ToString().TrimEnd();
        line.ShouldNotContain('\n');
        return line;
    }

    private async Task CreateAsync(string table, StreamViewType? viewType)
    {
        using var dynamo = StreamTable.Client(fixture.Stores);
        await StreamTable.CreateAsync(dynamo, table, viewType);
    }

    /// <summary>Answers as AWS does to a caller without rights.</summary>
    private static async Task<WebApplication> DenyingAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls", "http://127.0.0.1:0"] });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/", async (HttpContext http) =>
        {
            http.Response.StatusCode = (int)HttpStatusCode.BadRequest;
            http.Response.ContentType = "application/x-amz-json-1.0";
            await http.Response.WriteAsync(
                """{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: arn:aws:iam::1:user/x is not authorized to perform: dynamodb:ListStreams"}""");
        });
        await app.StartAsync();
        return app;
    }
}
