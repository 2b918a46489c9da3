using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class StoresAwayTests
{
    // Nothing listens on port 1.
    private const int Closed = 1;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_starts_without_its_stores_and_says_that_it_is_not_ready(bool silent)
    {
        using var server = new SilentServer();
        await using var service = await StartAsync(silent ? server.Port : Closed);

        var answer = await service.Anonymous.GetAsync("/health/ready");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var body = await answer.Content.ReadAsStringAsync();
        body.ShouldNotContain("secret");
        body.ShouldNotContain("127.0.0.1");
        var checks = JsonDocument.Parse(body).RootElement.GetProperty("checks");
        StatusOf(checks, "postgres").ShouldBe("unhealthy");
        StatusOf(checks, "dynamodb").ShouldBe("unhealthy");
        StatusOf(checks, "redis").ShouldBe("degraded");
        foreach (var check in checks.EnumerateObject().Where(check => check.Name != "process"))
        {
            check.Value.GetProperty("description").GetString()!.ShouldStartWith("does not answer");
        }

        (await service.Anonymous.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redis_that_is_away_is_skipped(bool silent)
    {
        using var server = new SilentServer();
        await using var service = await StartAsync(silent ? server.Port : Closed);
        var redis = service.App.Services.GetRequiredService<IRedis>();

        var answer = await redis.TryAsync(database => database.PingAsync());

        answer.Answered.ShouldBeFalse();
        redis.IsConfigured.ShouldBeTrue();
        redis.IsConnected.ShouldBeFalse();
        redis.Database.ShouldBeNull();
        redis.Subscriber.ShouldBeNull();
    }

    [Fact]
    public async Task Redis_whose_name_does_not_resolve_is_away()
    {
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["ConnectionStrings:redis"] = "no-such-host.invalid" },
            add: builder => builder.AddRedis());
        var redis = service.App.Services.GetRequiredService<IRedis>();

        (await redis.Connection).ShouldNotBeNull();

        redis.IsConnected.ShouldBeFalse();
        redis.Interruptions.ShouldBeGreaterThan(0);
        (await redis.TryAsync(database => database.PingAsync())).Answered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_dynamodb_that_says_nothing_is_given_up_on()
    {
        using var server = new SilentServer();
        await using var service = await StartAsync(server.Port);
        var dynamo = service.App.Services.GetRequiredService<IAmazonDynamoDB>();

        // The SDK's own limits add up to minutes. Half of one is far from both, on however slow a machine.
        var asked = dynamo.DescribeTableAsync("orders");
        var first = await Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(30)));

        first.ShouldBe(asked);
        await Should.ThrowAsync<TimeoutException>(() => asked);
    }

    [Fact]
    public async Task Without_a_setting_there_is_no_redis_and_the_service_is_ready()
    {
        await using var service = await TestService.StartAsync(add: builder => builder.AddRedis());
        var redis = service.App.Services.GetRequiredService<IRedis>();

        redis.IsConfigured.ShouldBeFalse();
        (await redis.Connection).ShouldBeNull();
        (await redis.TryAsync(database => database.PingAsync())).ShouldBe(default);
        var health = JsonDocument.Parse(await service.Anonymous.GetStringAsync("/health/ready")).RootElement;
        StatusOf(health.GetProperty("checks"), "redis").ShouldBe("healthy");
    }

    private static string? StatusOf(JsonElement checks, string name) => checks.GetProperty(name).GetProperty("status").GetString();

    private static Task<TestService> StartAsync(int port) => TestService.StartAsync(
        settings: new Dictionary<string, string?>
        {
            ["ConnectionStrings:orders"] = $"Host=127.0.0.1;Port={port};Database=orders;Username=orders;Password=secret",
            ["ConnectionStrings:redis"] = $"127.0.0.1:{port},password=secret",
            ["AWS_ENDPOINT_URL_DYNAMODB"] = $"http://127.0.0.1:{port}",
        },
        add: builder => builder.AddPostgres().AddRedis().AddDynamoDb());
}
