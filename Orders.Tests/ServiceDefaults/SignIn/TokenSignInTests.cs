using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>Bearer tokens of a real issuer, beside keys.</summary>
public sealed class TokenSignInTests
{
    private const string Read = "orders:read";

    [Fact]
    public async Task A_token_signs_in_with_its_merchants_and_scopes_beside_a_key()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var service = await StartAsync(issuer.Address);

        var answer = await AskAsync(service, await issuer.TokenAsync("shop", "merchant-1,merchant-2", $"{Read} unknown"), "/caller");

        (await answer.Content.ReadAsStringAsync()).ShouldBe("token:shop merchant-1 merchant-2 / orders:read");
        using var keyed = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { { "X-Api-Key", "acme.acme-secret" } } };
        (await service.Anonymous.SendAsync(keyed)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task All_merchants_are_a_star_and_no_claim_is_none()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var service = await StartAsync(issuer.Address);

        (await BodyAsync(service, await issuer.TokenAsync("admin", "*", Read))).ShouldBe("token:admin * / orders:read");
        (await BodyAsync(service, await issuer.TokenAsync("bare", "", Read))).ShouldBe("token:bare  / orders:read");
    }

    [Fact]
    public async Task A_token_without_the_scope_is_a_403()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var service = await StartAsync(issuer.Address);

        (await AskAsync(service, await issuer.TokenAsync("shop", "*", "orders:write"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_that_is_not_for_us_is_refused()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var other = await TokenIssuer.StartAsync();
        await using var service = await StartAsync(issuer.Address);
        var right = await issuer.TokenAsync("shop", "*", Read);
        string[] wrong =
        [
            await issuer.TokenAsync("shop", "*", Read, audience: "another-service"),
            await other.TokenAsync("shop", "*", Read),
            await issuer.TokenAsync("shop", "*", Read, seconds: -3_600),
            Unsigned(right),
            Changed(right),
            right[..^8],
            "a.b.c",
            "",
            new string('x', 10_000),
        ];

        foreach (var token in wrong)
        {
            var answer = await AskAsync(service, token);

            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, token);
            answer.Headers.WwwAuthenticate.ToString().ShouldContain("Bearer realm=\"orders\", error=\"invalid_token\"");
            await TestService.ProblemAsync(answer);
        }

        (await AskAsync(service, right)).StatusCode.ShouldBe(HttpStatusCode.OK);
        service.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task New_keys_of_the_issuer_are_taken_without_a_restart()
    {
        var issuer = await TokenIssuer.StartAsync();
        await using var service = await StartAsync(issuer.Address);
        (await AskAsync(service, await issuer.TokenAsync("shop", "*", Read))).StatusCode.ShouldBe(HttpStatusCode.OK);

        await issuer.DisposeAsync();
        await using var again = await TokenIssuer.StartAsync(issuer.Address.Port);
        var token = await again.TokenAsync("shop", "*", Read);

        await Eventually.HoldsAsync(async () => (await AskAsync(service, token)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_issuer_is_away_keys_are_taken_and_tokens_are_a_503()
    {
        var issuer = await TokenIssuer.StartAsync();
        var token = await issuer.TokenAsync("shop", "*", Read);
        await issuer.DisposeAsync();
        await using var service = await StartAsync(issuer.Address);

        var answer = await AskAsync(service, token);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        using var keyed = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { { "X-Api-Key", "acme.acme-secret" } } };
        (await service.Anonymous.SendAsync(keyed)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://login.example.com", "orders", "Orders__Oidc__Authority")]
    [InlineData("login.example.com", "orders", "Orders__Oidc__Authority")]
    [InlineData("https://login.example.com", "", "Orders__Oidc__Audience")]
    public async Task An_issuer_that_cannot_be_trusted_stops_the_start(string authority, string audience, string setting)
    {
        var problem = await Should.ThrowAsync<SettingsException>(() => TestService.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Orders:Oidc:Authority"] = authority,
            ["Orders:Oidc:Audience"] = audience,
        }));

        problem.Setting.ShouldBe(setting);
    }

    private static Task<TestService> StartAsync(Uri authority)
    {
        var settings = TestService.Key();
        settings["Orders:Oidc:Authority"] = authority.ToString();
        settings["Orders:Oidc:Audience"] = "orders";
        return TestService.StartAsync(TestService.Production, settings, map: app => app.MapGet("/caller", Describe).RequireScope(Scopes.OrdersRead));
    }

    private static string Describe(HttpContext http)
    {
        var caller = http.GetCaller();
        return $"{caller.KeyId} {string.Join(' ', caller.Merchants.Order())} / {string.Join(' ', caller.Scopes.Order())}";
    }

    private static async Task<HttpResponseMessage> AskAsync(TestService service, string token, string path = "/who")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await service.Anonymous.SendAsync(request);
    }

    private static async Task<string> BodyAsync(TestService service, string token) => await (await AskAsync(service, token, "/caller")).Content.ReadAsStringAsync();

    // "alg": "none", and the signature left out.
    private static string Unsigned(string token) => $"{Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}")}.{token.Split('.')[1]}.";

    // The same signature over other claims.
    private static string Changed(string token)
    {
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(Convert.FromBase64String(parts[1].Replace('-', '+').Replace('_', '/').PadRight((parts[1].Length + 3) / 4 * 4, '=')));
        return $"{parts[0]}.{Encode(claims.Replace("shop", "root", StringComparison.Ordinal))}.{parts[2]}";
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
