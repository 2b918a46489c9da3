using Amazon.Runtime;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Orders.ServiceDefaults;
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
    public void A_missing_or_malformed_postgres_setting_is_named_and_not_repeated(string? text)
    {
        var problem = Should.Throw<SettingsException>(() => PostgresSetup.ReadConnectionString(text, "orders-test", writes: true));

        problem.Setting.ShouldBe("ConnectionStrings__orders");
        problem.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Postgres_is_waited_for_briefly_unless_the_setting_says_otherwise()
    {
        var defaults = new NpgsqlConnectionStringBuilder(PostgresSetup.ReadConnectionString("Host=h", "orders-test", writes: true));
        defaults.Timeout.ShouldBe(3);
        defaults.CommandTimeout.ShouldBe(10);
        defaults.ApplicationName.ShouldBe("orders-test");

        var chosen = new NpgsqlConnectionStringBuilder(PostgresSetup.ReadConnectionString("Host=h;Timeout=15;Command Timeout=30;Application Name=mine", "orders-test", writes: true));
        chosen.Timeout.ShouldBe(15);
        chosen.CommandTimeout.ShouldBe(30);
        chosen.ApplicationName.ShouldBe("mine");
    }

    [Theory]
    [InlineData("Host=h", false, true)]
    [InlineData("Host=h", true, false)]
    [InlineData("Host=h;No Reset On Close=false", false, false)]
    public void A_readers_sessions_are_not_reset_unless_the_setting_says_so(string text, bool writes, bool isKept) =>
        new NpgsqlConnectionStringBuilder(PostgresSetup.ReadConnectionString(text, "orders-test", writes)).NoResetOnClose.ShouldBe(isKept);

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
    public void A_malformed_redis_setting_is_named_and_not_repeated(string text)
    {
        var problem = Should.Throw<SettingsException>(() => RedisSetup.ReadOptions(text, "orders-test"));

        problem.Setting.ShouldBe("ConnectionStrings__redis");
        problem.Message.ShouldNotContain("secret");
    }

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
