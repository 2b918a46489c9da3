using System.Net;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class RateLimitTests
{
    private static Dictionary<string, string?> Limit(int perSecond, int burst) => new()
    {
        ["Orders:RateLimit:PerSecond"] = $"{perSecond}",
        ["Orders:RateLimit:Burst"] = $"{burst}",
    };

    [Fact]
    public async Task Beyond_the_burst_a_key_is_told_when_to_come_back()
    {
        await using var service = await TestService.StartAsync(settings: Limit(1, 3));

        var (answered, refused) = await UntilRefusedAsync(() => service.Client.GetAsync("/who"));

        answered.Count.ShouldBeGreaterThanOrEqualTo(3);
        answered.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        int.Parse(refused.Headers.GetValues("Retry-After").Single()).ShouldBeInRange(1, 5);
        await TestService.ProblemAsync(refused);
    }

    [Fact]
    public async Task One_keys_burst_does_not_slow_another()
    {
        var settings = TestService.Key();
        settings["Orders:Keys:1:Id"] = "other";
        settings["Orders:Keys:1:Hash"] = ApiKeyHash.Of("other-secret").ToString();
        settings["Orders:Keys:1:Merchants"] = "*";
        settings["Orders:Keys:1:Scopes"] = "orders:read";
        await using var service = await TestService.StartAsync(TestService.Production, settings.Concat(Limit(1, 1)).ToDictionary());
        service.Client.DefaultRequestHeaders.Authorization = TestService.Basic("acme", "acme-secret");
        await UntilRefusedAsync(() => service.Client.GetAsync("/who"));

        service.Client.DefaultRequestHeaders.Authorization = TestService.Basic("other", "other-secret");

        (await service.Client.GetAsync("/who")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Health_is_exempt()
    {
        await using var service = await TestService.StartAsync(settings: Limit(1, 1));

        var answers = await ManyAsync(5, () => service.Client.GetAsync("/health/ready"));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_open_to_everybody_is_limited_by_address()
    {
        await using var service = await TestService.StartAsync(settings: Limit(1, 1));

        await UntilRefusedAsync(() => service.Anonymous.GetAsync("/openapi/v1.json"));
    }

    [Fact]
    public async Task Secrets_cannot_be_guessed_quickly()
    {
        await using var service = await TestService.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Orders:RateLimit:FailedSignInsPerSecond"] = "1",
            ["Orders:RateLimit:FailedSignInBurst"] = "3",
        });
        service.Anonymous.DefaultRequestHeaders.Authorization = TestService.Basic("foo", "guess");

        var (guesses, refused) = await UntilRefusedAsync(() => service.Anonymous.GetAsync("/who"));

        guesses.Count.ShouldBeGreaterThanOrEqualTo(3);
        guesses.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Unauthorized);
        refused.Headers.GetValues("Retry-After").ShouldBe(["1"]);
        await TestService.ProblemAsync(refused);
    }

    [Fact]
    public async Task The_right_secret_is_taken_however_many_wrong_ones_come_from_its_address()
    {
        await using var service = await TestService.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Orders:RateLimit:FailedSignInsPerSecond"] = "1",
            ["Orders:RateLimit:FailedSignInBurst"] = "3",
        });
        service.Anonymous.DefaultRequestHeaders.Authorization = TestService.Basic("foo", "guess");
        await UntilRefusedAsync(() => service.Anonymous.GetAsync("/who"));

        for (var n = 0; n < 50; n++)
        {
            using var guess = await service.Anonymous.GetAsync("/who");
            using var right = await service.Client.GetAsync("/who");

            right.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Behind_a_load_balancer_failed_sign_ins_count_for_the_address_that_it_added_alone()
    {
        // The platform reads this one before there are settings of a test: as an argument it is there in
        // time, as in the environment.
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Orders:RateLimit:FailedSignInsPerSecond"] = "1",
                ["Orders:RateLimit:FailedSignInBurst"] = "3",
            },
            args: "--FORWARDEDHEADERS_ENABLED=true");
        var forged = 0;

        await UntilRefusedAsync(() => SendAsync("guess", $"198.51.100.{forged++}, 192.0.2.1"));

        (await SendAsync("bar", "192.0.2.1, 192.0.2.2")).StatusCode.ShouldBe(HttpStatusCode.OK);

        Task<HttpResponseMessage> SendAsync(string secret, string forwardedFor)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { Authorization = TestService.Basic("foo", secret) } };
            request.Headers.Add("X-Forwarded-For", forwardedFor);
            return service.Anonymous.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_request_without_credentials_is_no_failed_sign_in()
    {
        await using var service = await TestService.StartAsync(settings: new Dictionary<string, string?> { ["Orders:RateLimit:FailedSignInBurst"] = "1" });

        var answers = await ManyAsync(5, () => service.Anonymous.GetAsync("/who"));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("PerSecond", "0")]
    [InlineData("Burst", "-1")]
    [InlineData("FailedSignInsPerSecond", "many")]
    [InlineData("FailedSignInBurst", "1.5")]
    public async Task A_limit_that_is_no_number_above_zero_stops_the_start(string name, string value)
    {
        var (app, _) = TestService.Build(settings: new Dictionary<string, string?> { [$"Orders:RateLimit:{name}"] = value });
        await using var _1 = app;

        (await Should.ThrowAsync<SettingsException>(() => app.StartAsync())).Setting.ShouldBe($"Orders__RateLimit__{name}");
    }

    // Buckets fill while the test runs, however slowly: what is certain is the least that passes before the
    // first refusal.
    private static async Task<(List<HttpResponseMessage> Answered, HttpResponseMessage Refused)> UntilRefusedAsync(Func<Task<HttpResponseMessage>> send)
    {
        List<HttpResponseMessage> answered = [];
        while (answered.Count < 100)
        {
            var answer = await send();
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return (answered, answer);
            }

            answered.Add(answer);
        }
        throw new ShouldAssertException("Nothing was refused.");
    }

    private static async Task<List<HttpResponseMessage>> ManyAsync(int times, Func<Task<HttpResponseMessage>> send)
    {
        List<HttpResponseMessage> answers = [];
        for (var i = 0; i < times; i++)
        {
            answers.Add(await send());
        }

        return answers;
    }
}
