using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// Signs in by <c>Authorization: Bearer …</c>. The platform's JwtBearer verifies the token by the issuer's
/// keys; this makes a caller of its claims.
/// </summary>
internal sealed class TokenSignIn(TokenSettings settings, IssuerKeys issuer)
{
    private const string Prefix = "Bearer ";
    private const int MaxNameChars = 128;

    // In this order: who the token is for, else which program has it.
    private static readonly string[] Names = ["sub", "client_id", "azp"];

    /// <summary>The outcome: a principal, or none.</summary>
    /// <param name="Principal">Null when the token is not valid.</param>
    /// <param name="IsIssuerAway">Whether that is because the issuer's keys could not be read.</param>
    public readonly record struct Outcome(ClaimsPrincipal? Principal, bool IsIssuerAway);

    /// <summary>Whether an issuer is configured.</summary>
    public bool AreTaken => settings.Authority is not null;

    /// <summary>Whether the request has a token, and an issuer is configured.</summary>
    public bool IsPresent(IHeaderDictionary headers) =>
        AreTaken && headers.Authorization is [{ } text] && (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || text.Equals(Prefix.TrimEnd(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The challenge for <c>WWW-Authenticate</c>; null when no issuer is configured.</summary>
    public string? Challenge(bool isTokenWrong) =>
        !AreTaken ? null : isTokenWrong ? "Bearer realm=\"orders\", error=\"invalid_token\"" : "Bearer realm=\"orders\"";

    public async Task<Outcome> SignInAsync(HttpContext context)
    {
        if (!await issuer.AreKnownAsync().WaitAsync(context.RequestAborted))
        {
            return new(Principal: null, IsIssuerAway: true);
        }

        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        return new(result.Principal is { } principal ? new ClaimsPrincipal(new CallerIdentity(CallerOf(principal))) : null, IsIssuerAway: false);
    }

    private Caller CallerOf(ClaimsPrincipal principal)
    {
        var name = Names.Select(principal.FindFirstValue).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        // With a letter that no key's id has, so a token's name is never taken for a key. Kept short and
        // printable, since it stands in logs.
        var id = "token:" + string.Concat(name.Where(letter => !char.IsControl(letter)).Take(MaxNameChars));
        return new Caller(id, Values(principal, settings.MerchantsClaim, ','), Values(principal, settings.ScopesClaim, ' ').Where(Scopes.All.Contains));
    }

    private static IEnumerable<string> Values(ClaimsPrincipal principal, string claim, char separator) =>
        principal.FindAll(claim).SelectMany(found => found.Value.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
