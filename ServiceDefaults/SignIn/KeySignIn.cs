using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.RateLimits;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// The authentication handler of all requests: API keys, in either of the two headers, and bearer tokens
/// where an issuer is configured.
/// </summary>
internal sealed class KeySignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    CurrentKeys keys,
    TokenSignIn tokens,
    FailedSignIns failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Key";
    public const string Challenge = "Basic realm=\"orders\", charset=\"UTF-8\"";

    private const string HowToSignIn = $"Sign in with HTTP Basic (id:secret) or {CredentialReader.ApiKeyHeader}: id.secret";

    private bool _tooManyFailures;
    private bool _isTokenWrong;
    private bool _isIssuerAway;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        tokens.IsPresent(Request.Headers) ? await AuthenticateTokenAsync() : AuthenticateKey();

    private AuthenticateResult AuthenticateKey()
    {
        if (!CredentialReader.IsPresent(Request.Headers, out var credential))
        {
            return AuthenticateResult.NoResult();
        }

        // The right secret is taken however many wrong ones came from the same address, so nobody locks out
        // a neighbour. Secrets have 256 random bits: no number of guesses finds one.
        return credential is { } shown && keys.Find(shown) is { } key
            ? AuthenticateResult.Success(new AuthenticationTicket(key.Principal, SchemeName))
            : Wrong();
    }

    private async Task<AuthenticateResult> AuthenticateTokenAsync()
    {
        var outcome = await tokens.SignInAsync(Context);
        if (outcome.Principal is { } principal)
        {
            return AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
        }

        _isIssuerAway = outcome.IsIssuerAway;
        _isTokenWrong = !_isIssuerAway;
        return _isIssuerAway ? AuthenticateResult.Fail("The issuer of tokens does not answer.") : Wrong();
    }

    private AuthenticateResult Wrong()
    {
        _tooManyFailures = !failures.TryCount(Context.Connection.RemoteIpAddress);
        return AuthenticateResult.Fail("Wrong credentials.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_isIssuerAway)
        {
            return Problems.Unavailable("The issuer of tokens does not answer. Keys are taken.", failures.RetryAfter).ExecuteAsync(Context);
        }

        if (_tooManyFailures)
        {
            return Problems.TooManyRequests("Too many failed sign-ins from this address.", failures.RetryAfter).ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = tokens.Challenge(_isTokenWrong) is { } bearer ? new StringValues([Challenge, bearer]) : Challenge;
        return Problems.Of(StatusCodes.Status401Unauthorized, tokens.AreTaken ? $"{HowToSignIn}, or a bearer token." : $"{HowToSignIn}.").ExecuteAsync(Context);
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
