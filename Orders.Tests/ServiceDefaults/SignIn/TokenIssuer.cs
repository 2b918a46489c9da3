using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using Shouldly;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// A real OpenID Connect issuer (OpenIddict) on loopback: with a discovery document, its keys, and tokens
/// for programs (client credentials). A client asks for its claims by parameters of the token request.
/// </summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private TokenIssuer(WebApplication app, Uri address) => (_app, Address, _client) = (app, address, new() { BaseAddress = address });

    public Uri Address { get; }

    /// <param name="port">0 for a free one. An issuer that is started again has new keys.</param>
    public static async Task<TokenIssuer> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = $"http://127.0.0.1:{port}";
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetTokenEndpointUris("connect/token").AllowClientCredentialsFlow();
            server.AddEphemeralSigningKey(SecurityAlgorithms.RsaSha256).AddEphemeralEncryptionKey().DisableAccessTokenEncryption();
            // Without a database of clients.
            server.EnableDegradedMode().DisableScopeValidation();
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(Grant));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        var app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
        return new(app, new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()));
    }

    /// <summary>A token, as its bearer shows it.</summary>
    public async Task<string> TokenAsync(string client, string merchants, string scopes, string audience = "orders", int seconds = 3_600)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = "any",
            ["scope"] = scopes,
            ["merchants"] = merchants,
            ["for_audience"] = audience,
            ["seconds"] = $"{seconds}",
        });
        using var answer = await _client.PostAsync("connect/token", form);
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static ValueTask Grant(HandleTokenRequestContext context)
    {
        var identity = new ClaimsIdentity("test");
        identity.SetClaim("sub", context.ClientId!);
        identity.SetClaims("merchants", [.. ((string)context.Request["merchants"]!).Split(',')]);
        identity.SetScopes(context.Request.GetScopes());
        identity.SetAudiences((string)context.Request["for_audience"]!);
        identity.SetAccessTokenLifetime(TimeSpan.FromSeconds(int.Parse((string)context.Request["seconds"]!)));
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken]);
        context.Principal = new(identity);
        return default;
    }
}
