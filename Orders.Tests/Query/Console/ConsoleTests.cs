using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Orders.Query;
using Orders.Query.Console;
using Orders.ServiceDefaults.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed partial class ConsoleTests : IAsyncLifetime
{
    // The page asks for no store: nothing answers at this port.
    private static readonly Dictionary<string, string?> NoStores = new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1",
        ["Console:ApiUrl"] = "http://localhost:8090/",
        ["Logging:LogLevel:Default"] = "None",
    };

    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _app = QueryHost.Build(new() { EnvironmentName = "Development", Args = ["--urls", "http://127.0.0.1:0"] }, NoStores);
        await _app.StartAsync();
        _client = new() { BaseAddress = new(_app.Urls.Single()) };
    }

    [Fact]
    public async Task The_page_and_all_that_it_names_is_served_to_anybody_and_allows_no_other_source()
    {
        var named = new Queue<string>(["/"]);
        var served = new HashSet<string>(StringComparer.Ordinal);
        while (named.TryDequeue(out var path))
        {
            if (!served.Add(path))
            {
                continue;
            }

            using var answer = await _client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldBe(
                "default-src 'self'; connect-src 'self' http://localhost:8090; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'");
            var text = await answer.Content.ReadAsStringAsync();
            foreach (Match name in Names().Matches(text))
            {
                named.Enqueue(name.Groups["page"].Success ? "/" + name.Groups["page"].Value : "/console/" + name.Groups["module"].Value);
            }
        }

        served.ShouldContain("/console/icon.svg");
        served.ShouldContain("/console/change-stream.js");
        served.Count.ShouldBe(ConsoleFiles.ReadAll().Count, "a file that nothing names");
    }

    [Fact]
    public void No_file_names_another_host()
    {
        foreach (var file in ConsoleFiles.ReadAll())
        {
            var text = System.Text.Encoding.UTF8.GetString(file.Content.Span);
            // The name of SVG's namespace looks like an address, and is none.
            Addresses().Matches(text).Select(match => match.Value).ShouldAllBe(address => address == "http://www.w3.org/2000/svg", file.Path);
        }
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again_and_HEAD_has_no_body()
    {
        using var first = await _client.GetAsync("/console/main.js");
        first.Content.Headers.ContentType!.ToString().ShouldBe("text/javascript; charset=utf-8");
        first.Headers.CacheControl!.NoCache.ShouldBeTrue();

        using var again = new HttpRequestMessage(HttpMethod.Get, "/console/main.js") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var unchanged = await _client.SendAsync(again);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        using var headers = await _client.SendAsync(new(HttpMethod.Head, "/console/main.js"));
        headers.StatusCode.ShouldBe(HttpStatusCode.OK);
        headers.Headers.ETag.ShouldBe(first.Headers.ETag);
        (await headers.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_is_told_where_the_Api_is_and_which_key_everybody_knows()
    {
        var settings = await _client.GetFromJsonAsync<JsonElement>("/console/settings.json");
        settings.GetProperty("api_url").GetString().ShouldBe("http://localhost:8090");
        settings.GetProperty("local_key").GetProperty("id").GetString().ShouldBe("foo");
    }

    [Theory]
    [InlineData(true, null, "http://localhost:8080", true)]
    [InlineData(true, "Orders:Keys:0:Id", "http://localhost:8080", false)]
    [InlineData(false, null, null, false)]
    public void What_is_not_set_is_local_in_Development_only(bool isDevelopment, string? set, string? apiUrl, bool offersKey)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(set ?? "Other", "shop")]).Build();

        var settings = ConsoleSettings.Read(configuration, isDevelopment);

        settings.ApiUrl.ShouldBe(apiUrl);
        (settings.LocalKey is not null).ShouldBe(offersKey);
    }

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("ftp://localhost")]
    [InlineData("http://localhost:8080/?x=; script-src *")]
    [InlineData("http://foo:bar@localhost")]
    public async Task An_address_that_no_browser_can_use_stops_the_start(string url)
    {
        await using var app = QueryService.Build(NoStores, ("Console:ApiUrl", url));

        (await Should.ThrowAsync<SettingsException>(app.StartAsync())).Setting.ShouldBe("Console__ApiUrl");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [GeneratedRegex("""(?:src|href)="(?<page>console/[^"]+)"|from '\./(?<module>[^']+)'""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();

    [GeneratedRegex("""(?:https?:|wss?:|[("'`])//[^\s'"`)]+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Addresses();
}
