using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.CrossSite;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults.CrossSite;

public sealed class CrossSiteTests
{
    private const string Known = "https://console.example.com";

    [Theory]
    [InlineData("cross-site", "https://evil.example", 403)]
    [InlineData("same-site", "https://evil.example", 403)]
    [InlineData("cross-site", null, 403)]
    [InlineData("cross-site", "null", 403)]
    [InlineData("anything", null, 403)]
    [InlineData(null, "https://evil.example", 403)]
    [InlineData(null, "null", 403)]
    [InlineData(null, "http://localhost:1", 403)]
    [InlineData(null, "http://127.0.0.1:1", 403)]
    [InlineData(null, "no origin", 403)]
    [InlineData("same-origin", "https://behind-a-proxy.example", 200)]
    [InlineData("none", null, 200)]
    [InlineData(null, null, 200)]
    [InlineData(null, "self", 200)]
    [InlineData("cross-site", Known, 200)]
    [InlineData(null, Known, 200)]
    public async Task A_foreign_page_changes_nothing(string? site, string? origin, int status)
    {
        await using var service = await StartAsync();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Put })
        {
            using var request = Request(method, "/act", site, origin == "self" ? service.Address.GetLeftPart(UriPartial.Authority) : origin);
            request.Headers.Add(FormGuard.Header, "test");

            var answer = await service.Client.SendAsync(request);

            ((int)answer.StatusCode).ShouldBe(status, method.Method);
        }

        using var read = Request(HttpMethod.Get, "/act", site, origin == "self" ? null : origin);
        (await service.Client.SendAsync(read)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Basic Zm9vOmJhcg==", null, null, 403)]
    [InlineData("Basic Zm9vOmJhcg==", "Content-Type", "application/x-www-form-urlencoded", 403)]
    [InlineData("Basic Zm9vOmJhcg==", "Content-Type", "text/plain", 403)]
    [InlineData("Basic Zm9vOmJhcg==", "Content-Type", "multipart/form-data; boundary=x", 403)]
    [InlineData("Basic Zm9vOmJhcg==", "Accept", "application/json", 403)]
    [InlineData("Basic Zm9vOmJhcg==", "Content-Type", "application/json", 200)]
    [InlineData("Basic Zm9vOmJhcg==", "X-Requested-With", "curl", 200)]
    [InlineData("Basic Zm9vOmJhcg==", "Sec-Fetch-Site", "same-origin", 200)]
    [InlineData(null, "X-Api-Key", "foo.bar", 200)]
    public async Task A_form_starts_no_operation(string? credentials, string? header, string? value, int status)
    {
        await using var service = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/act") { Content = new ByteArrayContent([]) };
        request.Headers.TryAddWithoutValidation("Authorization", credentials);
        _ = header is null || request.Headers.TryAddWithoutValidation(header, value) || request.Content.Headers.TryAddWithoutValidation(header, value);

        var answer = await service.Anonymous.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData(null, "evil.example", 400)]
    [InlineData(null, "evil.example:8080", 400)]
    [InlineData(null, "127.0.0.1.evil.example", 400)]
    [InlineData(null, "localhost", 200)]
    [InlineData(null, "LOCALHOST:9", 200)]
    [InlineData(null, "127.0.0.1", 200)]
    [InlineData(null, "[::1]:8080", 200)]
    [InlineData("orders.example.com;*.internal", "orders.example.com", 200)]
    [InlineData("orders.example.com;*.internal", "a.internal", 200)]
    [InlineData("orders.example.com;*.internal", "localhost", 400)]
    [InlineData("*", "evil.example", 200)]
    public async Task A_page_whose_name_leads_here_is_refused(string? allowed, string host, int status)
    {
        await using var service = await TestService.StartAsync(settings: new Dictionary<string, string?> { ["AllowedHosts"] = allowed });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { Host = host } };
        using var health = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { Host = host } };

        var answer = await service.Client.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        if (status == 400)
        {
            (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("AllowedHosts");
        }

        (await service.Anonymous.SendAsync(health)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Our_own_setting_of_names_comes_first()
    {
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["AllowedHosts"] = "localhost", ["Orders:Http:AllowedHosts"] = "tunnel.example" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { Host = "tunnel.example" } };

        (await service.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Outside_Development_only_the_operator_knows_the_names()
    {
        await using var service = await TestService.StartAsync(TestService.Production, TestService.Key());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { Host = "orders.example.com", Authorization = TestService.Basic("acme", "acme-secret") } };

        (await service.Anonymous.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/who")]
    [InlineData("/nowhere")]
    [InlineData("/fails")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/%00")]
    public async Task Every_answer_says_nosniff(string path)
    {
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/fails", string () => throw new InvalidOperationException("on purpose")).AllowAnonymous());
        foreach (var client in new[] { service.Client, service.Anonymous })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);

            var answer = await client.SendAsync(request);

            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? site, string? origin)
    {
        var request = new HttpRequestMessage(method, path);
        _ = site is null || request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
        _ = origin is null || request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(
        add: builder => builder.Services.AddSingleton<IAllowedOrigins, OneOrigin>(),
        map: app => app.MapMethods("/act", ["GET", "POST", "PUT", "PATCH", "DELETE"], () => "done").RequireScope(Scopes.Operations).RefuseForms());

    private sealed class OneOrigin : IAllowedOrigins
    {
        public bool Allow(string origin) => origin == Known;
    }
}
