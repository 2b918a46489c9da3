using Amazon.Runtime;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class StoreSettingsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("Database=orders")]
    [InlineData("Host=localhost;Pasword=secret")]
    [InlineData("Host=localhost;Port=secret")]
    [InlineData("secret")]
    [InlineData("postgres://orders:secret@localhost:5432/orders")]
    [InlineData("postgresql://orders:secret@localhost:5432/orders?sslmode=require")]
    [InlineData("host=localhost dbname=orders password=secret")]
    [InlineData("Host=tcp://localhost;Password=secret")]
    [InlineData("Host=localhost/orders;Password=secret")]
    [InlineData("Host=a,,b;Password=secret")]
    public void A_missing_or_malformed_postgres_setting_is_named_and_not_repeated(string? text)
    {
        var problem = Should.Throw<SettingsException>(() => PostgresSetup.ReadConnectionString(text, "orders-test"));

        problem.Setting.ShouldBe("ConnectionStrings__orders");
        problem.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Postgres_is_waited_for_briefly_unless_the_setting_says_otherwise()
    {
        var defaults = new NpgsqlConnectionStringBuilder(PostgresSetup.ReadConnectionString("Host=h", "orders-test"));
        defaults.Timeout.ShouldBe(3);
        defaults.CommandTimeout.ShouldBe(10);
        defaults.ApplicationName.ShouldBe("orders-test");

        var chosen = new NpgsqlConnectionStringBuilder(PostgresSetup.ReadConnectionString("Host=h;Timeout=15;Command Timeout=30;Application Name=mine", "orders-test"));
        chosen.Timeout.ShouldBe(15);
        chosen.CommandTimeout.ShouldBe(30);
        chosen.ApplicationName.ShouldBe("mine");
    }

    [Theory]
    [InlineData("Host=h")]
    [InlineData("Host=h:5433")]
    [InlineData("Host=10.0.0.1, 10.0.0.2:5433")]
    [InlineData("Host=::1")]
    [InlineData("Host=/var/run/postgresql")]
    [InlineData("Server=h")]
    public void Every_form_of_a_host_that_Npgsql_knows_is_taken(string text) =>
        Should.NotThrow(() => PostgresSetup.ReadConnectionString(text, "orders-test"));

    [Theory]
    [InlineData("Host=h", true)]
    [InlineData("Host=h;No Reset On Close=false", false)]
    public void Sessions_are_not_reset_unless_the_setting_says_so(string text, bool isKept) =>
        new NpgsqlConnectionStringBuilder(PostgresSetup.ReadConnectionString(text, "orders-test")).NoResetOnClose.ShouldBe(isKept);

    [Fact]
    public async Task A_service_without_its_postgres_setting_does_not_start()
    {
        var (app, _) = TestService.Build(add: builder => builder.AddPostgres());
        await using var built = app;

        (await Should.ThrowAsync<SettingsException>(() => app.StartAsync())).Setting.ShouldBe("ConnectionStrings__orders");
    }

    [Theory]
    [InlineData("localhost:6379,nonsense=1")]
    [InlineData("localhost:6379,syncTimeout=soon,password=secret")]
    [InlineData("abortConnect=false")]
    [InlineData("redis://:secret@localhost:6379/0")]
    [InlineData("rediss://localhost:6379")]
    [InlineData("localhost:6379/0")]
    [InlineData("localhost:6379 password=secret")]
    [InlineData("user:secret@localhost:6379")]
    [InlineData("localhost:6379;password=secret")]
    [InlineData("localhost:port")]
    public void A_malformed_redis_setting_is_named_and_not_repeated(string text)
    {
        var problem = Should.Throw<SettingsException>(() => RedisSetup.ReadOptions(text, "orders-test"));

        problem.Setting.ShouldBe("ConnectionStrings__redis");
        problem.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("a:6379,b:6380,password=p")]
    [InlineData("[::1]:6379")]
    [InlineData("127.0.0.1")]
    public void Every_form_of_an_address_of_redis_is_taken(string text) => RedisSetup.ReadOptions(text, "orders-test").ShouldNotBeNull();

    [Theory]
    [InlineData("frankfurt")]
    [InlineData("EU-CENTRAL-1")]
    [InlineData("eu_central_1")]
    [InlineData("eu-central-1a")]
    [InlineData("https://dynamodb.eu-central-1.amazonaws.com")]
    public void What_is_no_name_of_a_region_is_refused(string region) =>
        Should.Throw<SettingsException>(() => Dynamo(("AWS_REGION", region))).Setting.ShouldBe("AWS_REGION");

    [Theory]
    [InlineData("us-gov-west-1")]
    [InlineData("cn-north-1")]
    [InlineData("eusc-de-east-1")]
    [InlineData("xx-newer-1")]
    public void A_region_may_be_newer_than_the_sdk(string region) => Dynamo(("AWS_REGION", region)).Region.SystemName.ShouldBe(region);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Redis_may_be_left_out(string? text) => RedisSetup.ReadOptions(text, "orders-test").ShouldBeNull();

    [Fact]
    public void The_password_of_redis_may_be_a_setting_of_its_own()
    {
        RedisSetup.ReadOptions("h:6379,ssl=true", "orders-test", " token\n")!.Password.ShouldBe("token");
        RedisSetup.ReadOptions("h:6379,password=mine", "orders-test", "")!.Password.ShouldBe("mine");

        var problem = Should.Throw<SettingsException>(() => RedisSetup.ReadOptions("h:6379,password=secret", "orders-test", "secret"));
        problem.Setting.ShouldBe("Orders__RedisPassword");
        problem.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void An_order_of_redis_seldom_lies_across_two_buffers()
    {
        using var buffer = RedisSetup.ReadOptions("h:6379", "orders-test")!.ResponseBufferPool!.Rent(100);

        buffer.Memory.Length.ShouldBeGreaterThanOrEqualTo(ReplyBuffers.LeastBytes);
    }

    [Fact]
    public void A_redis_that_is_away_never_stops_the_start() =>
        RedisSetup.ReadOptions("localhost:6379,abortConnect=true", "orders-test")!.AbortOnConnectFail.ShouldBeFalse();

    [Fact]
    public void Dynamodb_needs_an_address_or_a_region() =>
        Should.Throw<SettingsException>(() => Dynamo()).Setting.ShouldBe("AWS_REGION");

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB")]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB_STREAMS")]
    [InlineData("AWS_ENDPOINT_URL")]
    public void A_malformed_address_is_named(string name) =>
        Should.Throw<SettingsException>(() => Dynamo(("AWS_REGION", "eu-west-1"), (name, "localhost:8000"))).Setting.ShouldBe(name);

    [Fact]
    public void A_local_dynamodb_needs_nothing_but_its_address()
    {
        var settings = Dynamo(("AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000"));

        settings.Table.ShouldBe("orders");
        settings.StreamsEndpoint.ShouldBe(settings.Endpoint);
        settings.Region.SystemName.ShouldBe("us-east-1");
        settings.Credentials.ShouldNotBeNull().GetCredentials().AccessKey.ShouldBe("local");
    }

    [Fact]
    public void Against_aws_the_sdk_finds_the_credentials() =>
        Dynamo(("AWS_REGION", "eu-west-1")).ShouldBe(new DynamoDbSettings("orders", null, null, Amazon.RegionEndpoint.EUWest1, null));

    [Fact]
    public void Configured_credentials_are_used()
    {
        var settings = Dynamo(("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_SESSION_TOKEN", "token"), ("Orders:Table", "mine"));

        settings.Table.ShouldBe("mine");
        settings.Credentials.ShouldBeOfType<SessionAWSCredentials>().GetCredentials().Token.ShouldBe("token");
    }

    private static DynamoDbSettings Dynamo(params (string Name, string Value)[] settings) =>
        DynamoDbSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, string? (pair) => pair.Value)).Build());
}
