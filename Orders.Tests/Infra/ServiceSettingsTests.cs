using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orders.Api.Table;
using Orders.Query;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.Engines;
using Orders.Warehouse;
using Orders.Warehouse.Redshift;
using Orders.Warehouse.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>
/// The tasks' settings, given to the services themselves: a name that a service does not read would show.
/// </summary>
public sealed partial class ServiceSettingsTests(SynthesizedStacks stacks, TestEngines engines)
{
    private const string Secret = "s3cret";

    // What Secrets Manager and CloudFormation would fill in.
    private static readonly Dictionary<string, string> Filled = new(StringComparer.Ordinal)
    {
        ["Orders:Keys:0:Id"] = "shop",
        ["Orders:Keys:0:Hash"] = ApiKeyHash.Of(Secret).ToString(),
        ["Orders:Keys:0:Merchants"] = "*",
        ["Orders:RedisPassword"] = "token",
        ["Orders:Warehouse:RedshiftPassword"] = "loader's",
        ["Orders:Query:CursorKey"] = "a text of more than sixteen characters",
    };

    [Fact]
    public async Task Orders_Api_takes_its_tasks_settings_in_production_and_its_key_places_orders()
    {
        var stores = await engines.CreateStoresAsync();
        var settings = Settings("Api");
        settings["Orders:Table"] = stores.Table;
        settings["AWS_ENDPOINT_URL_DYNAMODB"] = stores.DynamoDb;
        using (var dynamo = new Amazon.DynamoDBv2.AmazonDynamoDBClient(new Amazon.Runtime.BasicAWSCredentials("local", "local"), new Amazon.DynamoDBv2.AmazonDynamoDBConfig { ServiceURL = stores.DynamoDb }))
        {
            await dynamo.CreateTableAsync(TableShape.Create(stores.Table));
        }

        await using var app = Orders.Api.ApiHost.Build(Options(settings), settings);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), DefaultRequestHeaders = { { "X-Api-Key", $"shop.{Secret}" } } };
        using var body = new StringContent("""{"merchant_id":"merchant-1","amount":2.00,"currency":"EUR"}""", null as System.Net.Http.Headers.MediaTypeHeaderValue);
        body.Headers.ContentType = new("application/json");
        (await client.PostAsync("/v1/orders", body)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Orders_Query_takes_its_tasks_settings_in_production_and_signs_in_with_iam()
    {
        var settings = Settings("Query");
        await using var app = QueryHost.Build(Options(settings), settings);
        await app.StartAsync();

        var postgres = new NpgsqlConnectionStringBuilder(app.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
        (postgres.Username, postgres.Password, postgres.Database, postgres.SslMode).ShouldBe(("orders_query", null, "orders", SslMode.VerifyFull));
        postgres.NoResetOnClose.ShouldBeTrue("DISCARD ALL would pin a connection of RDS Proxy to one client");
        postgres.GssEncryptionMode.ShouldBe(GssEncryptionMode.Disable);
        app.Services.GetRequiredService<IRedis>().IsConfigured.ShouldBeTrue();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), DefaultRequestHeaders = { { "X-Api-Key", $"shop.{Secret}" } } };
        (await client.GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, "the key is good, and there is no database");
    }

    [Fact]
    public void Orders_Sync_is_given_no_setting_under_a_name_of_its_own()
    {
        var known = Settings("Api").Keys.Concat(Settings("Query").Keys).Append("AWS_ENDPOINT_URL_DYNAMODB_STREAMS");

        Settings("Sync").Keys.Except(known).ShouldBeEmpty();
        Settings("Sync")["ConnectionStrings:orders"].ShouldNotBeNull().ShouldContain("Username=orders_sync;");
        Settings("Sync")["Orders:Keys:0:Scopes"].ShouldBe(Scopes.Operations);
        Settings("Sync")["Orders:Table"].ShouldBe("orders");
    }

    [Fact]
    public async Task Orders_Warehouse_takes_its_tasks_settings_in_production()
    {
        var settings = Settings("Warehouse");
        // The endpoint's own name, which CloudFormation picks out of a list.
        settings["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = "https://127.0.0.1:1";
        await using var app = WarehouseHost.Build(Options(settings), settings);

        var postgres = new NpgsqlConnectionStringBuilder(app.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
        (postgres.Username, postgres.Password, postgres.Database, postgres.SslMode).ShouldBe(("orders_warehouse", null, "orders", SslMode.VerifyFull));
        var warehouse = app.Services.GetRequiredService<WarehouseSettings>();
        (warehouse.IsS3, string.Join(' ', warehouse.SqlTables)).ShouldBe((true, "merchants crm.people"));
        warehouse.Lake.ShouldEndWith("/lake");
        var redshift = app.Services.GetRequiredService<RedshiftSettings>();
        var connection = new NpgsqlConnectionStringBuilder(redshift.ConnectionString);
        (connection.Username, connection.Password, connection.Port, connection.SslMode, redshift.Between).ShouldBe(("orders_loader", "loader's", 5439, SslMode.VerifyFull, TimeSpan.FromMinutes(5)));
        app.Services.GetServices<IHostedService>().ShouldContain(service => service is AfterStart<RedshiftService>);
        app.Services.GetRequiredService<CurrentKeys>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Replication_goes_to_the_writer_itself_and_not_through_the_proxy()
    {
        var (direct, proxy) = (new NpgsqlConnectionStringBuilder(Settings("Warehouse")["ConnectionStrings:orders_direct"]), new ServiceTask(stacks.Whole.Json, "Warehouse").Environment["ConnectionStrings__orders"]);
        var writer = new ServiceTask(stacks.Whole.Json, "Warehouse").Environment["ConnectionStrings__orders_direct"];
        (direct.Username, direct.Password, direct.SslMode).ShouldBe(("orders_warehouse", null, SslMode.Require));
        writer.ShouldContain($"Host=${{{stacks.Whole.Json.Only("AWS::RDS::DBCluster").Name}.Endpoint.Address}};");
        proxy.ShouldContain("Host=${Proxy.Endpoint};");

        var stores = await engines.CreateStoresAsync();
        await using var app = WarehouseHost.Build(new() { EnvironmentName = "Production" }, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1;Database=nobody",
            ["ConnectionStrings:orders_direct"] = stores.Postgres,
            ["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:1",
        });
        await using var replication = await app.Services.GetRequiredService<PostgresReplication>().OpenAsync("-c TimeZone=UTC", TestContext.Current.CancellationToken);
        replication.PostgreSqlVersion.Major.ShouldBeGreaterThan(15);
    }

    [Theory]
    [InlineData("Warehouse", "analytics:read,operations")]
    [InlineData("Api", Scopes.OrdersWrite)]
    [InlineData("Sync", Scopes.Operations)]
    [InlineData("Query", Scopes.OrdersRead)]
    public void Each_service_knows_the_key_of_its_scope_and_runs_in_production(string service, string scope)
    {
        var task = new ServiceTask(stacks.Whole.Json, service);

        task.Environment["Orders__Keys__0__Scopes"].ShouldBe(scope);
        task.Environment["ASPNETCORE_ENVIRONMENT"].ShouldBe("Production");
        task.Environment["ASPNETCORE_HTTP_PORTS"].ShouldBe("8080");
        task.Environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"].ShouldBe("true", "every caller would have the load balancer's address");
        task.Secrets.Keys.ShouldContain("Orders__Keys__0__Hash");
        task.Environment.Keys.ShouldNotContain(name => name.Contains("Password") || name.Contains("Hash"));
    }

    [Fact]
    public void A_key_that_was_given_is_in_its_secret_and_one_that_was_not_is_refused_by_the_service()
    {
        Value("WriteKey").ShouldBe($$"""{"Id":"shop","Hash":"{{SynthesizedStacks.KeyHashText}}","Merchants":"*"}""");
        Value("ReadKey").ShouldBe("""{"Id":"none-yet","Hash":"none-yet","Merchants":"*"}""");

        var settings = Settings("Query");
        settings["Orders:Keys:0:Id"] = settings["Orders:Keys:0:Hash"] = "none-yet";
        var problem = Should.Throw<SettingsException>(() => QueryHost.Build(Options(settings), settings).Services.GetRequiredService<CurrentKeys>());
        problem.Setting.ShouldBe("Orders__Keys__0__Hash");
        problem.WayOut.ShouldContain("new-key");

        string Value(string name) => stacks.Whole.Json.Named("AWS::SecretsManager::Secret", name).Text("SecretString");
    }

    [Fact]
    public void Each_service_waits_for_its_stores_the_reader_for_the_tables_and_the_gateway_for_the_reader()
    {
        var users = stacks.Whole.Json.Only("Custom::DatabaseUsers").Name;

        DependsOn("Sync").ShouldContain(users);
        DependsOn("Sync").ShouldContain("ProxyTargets");
        DependsOn("Query").ShouldContain(users);
        DependsOn("Query").ShouldContain(Running("Sync").Name);
        DependsOn("GraphQl").ShouldContain(Running("Query").Name);

        IEnumerable<string> DependsOn(string service) => Running(service).DependsOn;
        Resource Running(string service) => stacks.Whole.Json.Named("AWS::ECS::Service", $"{service}Service");
    }

    private Dictionary<string, string?> Settings(string service)
    {
        var task = new ServiceTask(stacks.Whole.Json, service);
        var settings = task.Environment.ToDictionary(pair => pair.Key.Replace("__", ":"), pair => (string?)Deployed().Replace(pair.Value, "127.0.0.1"), StringComparer.Ordinal);
        settings["AWS_REGION"] = "eu-central-1";
        foreach (var secret in task.Secrets.Keys.Select(name => name.Replace("__", ":")))
        {
            settings[secret] = Filled[secret];
        }

        settings["AWS_ACCESS_KEY_ID"] = settings["AWS_SECRET_ACCESS_KEY"] = "local";
        // There is no collector here.
        settings["OTEL_SDK_DISABLED"] = "true";
        return settings;
    }

    private static WebApplicationOptions Options(Dictionary<string, string?> settings) =>
        new() { EnvironmentName = settings["ASPNETCORE_ENVIRONMENT"], Args = ["--urls", "http://127.0.0.1:0"] };

    [GeneratedRegex(@"\$\{[^}]*\}", RegexOptions.None, 1_000)]
    private static partial Regex Deployed();
}
