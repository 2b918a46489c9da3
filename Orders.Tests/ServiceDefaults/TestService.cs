using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.SignIn;
using Shouldly;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// The smallest service that uses the defaults, on a real Kestrel at a free loopback port.
/// </summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Production = "Production";
    public const string Development = "Development";

    private TestService(WebApplication app, RecordedLogs logs)
    {
        (App, Logs) = (app, logs);
        Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        Anonymous = new() { BaseAddress = Address };
        Client = new() { BaseAddress = Address, DefaultRequestHeaders = { Authorization = Basic("foo", "bar") } };
    }

    public WebApplication App { get; }

    public RecordedLogs Logs { get; }

    public Uri Address { get; }

    /// <summary>Shows no credentials.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>Signs in with the local default key.</summary>
    public HttpClient Client { get; }

    /// <summary>Builds the service without starting it.</summary>
    public static (WebApplication App, RecordedLogs Logs) Build(
        string environment = Development,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? add = null,
        Action<WebApplication>? map = null,
        params string[] args)
    {
        var logs = new RecordedLogs();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, Args = ["--urls", "http://127.0.0.1:0", .. args] });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.AddServiceDefaults("orders-test");
        add?.Invoke(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapGet("/who", (HttpContext context) => context.GetCaller().KeyId).RequireScope(Scopes.OrdersRead);
        app.MapPost("/bytes", async (HttpRequest request) => await CountAsync(request)).RequireScope(Scopes.OrdersWrite);
        map?.Invoke(app);
        return (app, logs);
    }

    public static async Task<TestService> StartAsync(
        string environment = Development,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? add = null,
        Action<WebApplication>? map = null,
        params string[] args)
    {
        var (app, logs) = Build(environment, settings, add, map, args);
        await app.StartAsync();
        return new(app, logs);
    }

    public static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));

    /// <summary>Settings of the key <c>acme</c> with the secret <c>acme-secret</c>.</summary>
    public static Dictionary<string, string?> Key(string merchants = "*", string scopes = "orders:read,orders:write,operations") => new()
    {
        ["Orders:Keys:0:Id"] = "acme",
        ["Orders:Keys:0:Hash"] = ApiKeyHash.Of("acme-secret").ToString(),
        ["Orders:Keys:0:Merchants"] = merchants,
        ["Orders:Keys:0:Scopes"] = scopes,
    };

    /// <summary>The body as problem details, after checking that it is one.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe((int)answer.StatusCode);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("trace_id").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Anonymous.Dispose();
        Client.Dispose();
        await App.DisposeAsync();
    }

    private static async Task<long> CountAsync(HttpRequest request)
    {
        var (buffer, total) = (new byte[16 * 1024], 0L);
        while (await request.Body.ReadAsync(buffer) is var read and > 0)
        {
            total += read;
        }

        return total;
    }
}
