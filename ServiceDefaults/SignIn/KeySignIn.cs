using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.RateLimits;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>The authentication handler for API keys, in either of the two headers.</summary>
internal sealed class KeySignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyRing keys, FailedSignIns failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Key";
    public const string Challenge = "Basic realm=\"orders\", charset=\"UTF-8\"";

    private const string HowToSignIn = $"Sign in with HTTP Basic (id:secret) or {CredentialReader.ApiKeyHeader}: id.secret.";

    private bool _tooManyFailures;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (!CredentialReader.IsPresent(Request.Headers, out var credential))
        {
            return AuthenticateResult.NoResult();
        }

        // Checked before the secret: a response that depends on the secret would allow further guessing.
        var address = Context.Connection.RemoteIpAddress;
        if (failures.AreTooMany(address))
        {
            _tooManyFailures = true;
            return AuthenticateResult.Fail("Too many failed sign-ins.");
        }
        if (credential is { } shown && keys.Find(shown) is { } key)
        {
            return AuthenticateResult.Success(new AuthenticationTicket(key.Principal, SchemeName));
        }

        failures.Count(address);
        return AuthenticateResult.Fail("Wrong credentials.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_tooManyFailures)
        {
            return Problems.TooManyRequests("Too many failed sign-ins from this address.", failures.RetryAfter).ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = Challenge;
        return Problems.Of(StatusCodes.Status401Unauthorized, HowToSignIn).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var missing = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
            .SelectMany(policy => policy.Requirements)
            .OfType<ScopeRequirement>()
            .Select(requirement => requirement.Scope)
            .Distinct()
            .Where(scope => Context.FindCaller()?.Scopes.Contains(scope) != true)
            .ToArray() ?? [];
        var detail = $"The key lacks the scope {string.Join(" and ", missing)}.";
        return Problems.Of(StatusCodes.Status403Forbidden, detail, new() { ["missing_scopes"] = missing }).ExecuteAsync(Context);
    }
}
