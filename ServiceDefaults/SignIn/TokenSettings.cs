using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Bearer tokens of an OpenID Connect issuer, from <c>Orders:Oidc</c>.</summary>
/// <param name="Authority"><c>Authority</c>: the issuer's address. Null for no tokens.</param>
/// <param name="Audience"><c>Audience</c>: the name that tokens for this system carry in <c>aud</c>.</param>
/// <param name="MerchantsClaim"><c>MerchantsClaim</c>: the claim with the merchants, an array or a text with
/// commas; <c>*</c> for all.</param>
/// <param name="ScopesClaim"><c>ScopesClaim</c>: the claim with the scopes, an array or a text with
/// spaces.</param>
internal sealed record TokenSettings(Uri? Authority, string Audience, string MerchantsClaim, string ScopesClaim)
{
    public const string Section = "Orders:Oidc";

    private const string Example = "Set the issuer's address, https://login.example.com, or leave it out for keys only.";

    public static TokenSettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, Section, settings =>
    {
        var authority = settings.Address(nameof(Authority), Example);
        // The keys that sign tokens come from there: whoever changes them on the way signs in as anybody.
        if (authority is { Scheme: "http", IsLoopback: false })
        {
            authority = settings.Refuse(nameof(Authority), "It is not https.", Example, authority);
        }

        var audience = settings.Text(nameof(Audience)) ?? "";
        if (authority is not null && audience.Length == 0)
        {
            audience = settings.Refuse(
                nameof(Audience), "It is missing, and without it tokens for any other service would sign in here.", "Set the name that the issuer puts into aud.", "");
        }

        return new TokenSettings(authority, audience, settings.Text(nameof(MerchantsClaim)) ?? "merchants", settings.Text(nameof(ScopesClaim)) ?? "scope");
    });
}
