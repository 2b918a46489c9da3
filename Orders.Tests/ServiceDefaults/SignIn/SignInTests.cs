using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class SignInTests
{
    [Fact]
    public async Task The_first_seeds_basic_header_signs_in_during_development()
    {
        await using var service = await TestService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { { "Authorization", "Basic Zm9vOmJhcg==" } } };

        var answer = await service.Anonymous.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("foo");
    }

    [Theory]
    [InlineData("Authorization", "Basic YWNtZTphY21lLXNlY3JldA==")]
    [InlineData("Authorization", "basic YWNtZTphY21lLXNlY3JldA==")]
    [InlineData("X-Api-Key", "acme.acme-secret")]
    public async Task A_configured_key_signs_in_by_either_header(string header, string value)
    {
        await using var service = await TestService.StartAsync(TestService.Production, TestService.Key());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { { header, value } } };

        var answer = await service.Anonymous.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).ShouldBe("acme");
    }

    [Fact]
    public async Task The_local_default_is_closed_once_a_key_is_configured()
    {
        await using var service = await TestService.StartAsync(TestService.Development, TestService.Key());

        (await service.Client.GetAsync("/who")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_credentials_the_answer_is_401_with_a_challenge()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.Anonymous.GetAsync("/who");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().ToString().ShouldStartWith("Basic realm=\"orders\"");
        await TestService.ProblemAsync(answer);
    }

    public static TheoryData<string, string> WrongCredentials => new()
    {
        { "Authorization", Base64("foo:baz") },
        { "Authorization", Base64("foo:") },
        { "Authorization", Base64("foo") },
        { "Authorization", Base64(":bar") },
        { "Authorization", Base64("") },
        { "Authorization", Base64("Foo:bar") },
        { "Authorization", Base64("nobody:bar") },
        { "Authorization", Base64("foo:bar\0") },
        { "Authorization", Base64("foo\0:bar") },
        { "Authorization", Base64("foo:\ud83d\ude00") },
        { "Authorization", "Basic " + Convert.ToBase64String([.. "foo:"u8, 0xff, 0xfe]) },
        { "Authorization", "Basic !!!" },
        { "Authorization", "Basic" },
        { "Authorization", "Bearer Zm9vOmJhcg==" },
        { "Authorization", "Zm9vOmJhcg==" },
        { "Authorization", Base64("foo:" + new string('x', 20_000)) },
        { "X-Api-Key", "foo.baz" },
        { "X-Api-Key", "foo" },
        { "X-Api-Key", ".bar" },
        { "X-Api-Key", "" },
        { "X-Api-Key", "foo." + new string('x', 20_000) },
    };

    [Theory]
    [MemberData(nameof(WrongCredentials))]
    public async Task Wrong_or_unreadable_credentials_are_answered_with_401(string header, string value)
    {
        await using var service = await TestService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.TryAddWithoutValidation(header, value).ShouldBeTrue();

        var answer = await service.Anonymous.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await TestService.ProblemAsync(answer);
        service.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_credentials_in_one_header_are_none()
    {
        await using var service = await TestService.StartAsync();

        var answer = await RawHttp.SendAsync(service.Address, "GET /who HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: foo.bar\r\nX-Api-Key: foo.bar\r\nConnection: close\r\n\r\n"u8);

        answer.ShouldStartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task Header_bytes_that_are_no_text_are_wrong_credentials()
    {
        await using var service = await TestService.StartAsync();

        var answer = await RawHttp.SendAsync(service.Address, [.. "GET /who HTTP/1.1\r\nHost: localhost\r\nAuthorization: "u8, 0xff, 0xc3, .. "\r\nConnection: close\r\n\r\n"u8]);

        answer.ShouldStartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task A_raw_nul_in_a_header_is_a_malformed_request()
    {
        await using var service = await TestService.StartAsync();

        var answer = await RawHttp.SendAsync(service.Address, "GET /who HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic \0\r\nConnection: close\r\n\r\n"u8);

        answer.ShouldStartWith("HTTP/1.1 400");
    }

    [Fact]
    public async Task A_missing_scope_is_answered_with_403_that_names_it()
    {
        await using var service = await TestService.StartAsync(TestService.Production, TestService.Key(scopes: "orders:read"));
        service.Client.DefaultRequestHeaders.Authorization = TestService.Basic("acme", "acme-secret");

        var answer = await service.Client.PostAsync("/bytes", new ByteArrayContent([1]));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString().ShouldBe("The key lacks the scope orders:write.");
        (await service.Client.GetAsync("/who")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_group_and_its_endpoint_ask_for_both_scopes()
    {
        await using var service = await TestService.StartAsync(
            TestService.Production,
            TestService.Key(scopes: "orders:read"),
            map: app => app.MapGroup("/g").RequireScope(Scopes.OrdersRead).MapGet("/both", () => "in").RequireScope(Scopes.Operations));
        service.Client.DefaultRequestHeaders.Authorization = TestService.Basic("acme", "acme-secret");

        var answer = await service.Client.GetAsync("/g/both");

        (await TestService.ProblemAsync(answer)).GetProperty("missing_scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["operations"]);
    }

    [Fact]
    public async Task An_endpoint_that_names_no_scope_is_closed_to_strangers()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/forgotten", () => "in"));

        (await service.Anonymous.GetAsync("/forgotten")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.Client.GetAsync("/forgotten")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_caller_may_use_its_own_merchants_only()
    {
        await using var service = await TestService.StartAsync(
            TestService.Production,
            TestService.Key(merchants: "merchant-1, merchant-2"),
            map: app => app.MapGet("/may/{merchant}", (HttpContext context, string merchant) => context.GetCaller().MayUse(merchant)).RequireScope(Scopes.OrdersRead));
        service.Client.DefaultRequestHeaders.Authorization = TestService.Basic("acme", "acme-secret");

        (await service.Client.GetStringAsync("/may/merchant-2")).ShouldBe("true");
        (await service.Client.GetStringAsync("/may/merchant-3")).ShouldBe("false");
        (await service.Client.GetStringAsync("/may/*")).ShouldBe("false");
    }

    private static string Base64(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
