using System.Security.Claims;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// Carries the caller through the platform's authentication. One instance for each key, shared by all of its
/// requests and never changed.
/// </summary>
internal sealed class CallerIdentity(Caller caller)
    : ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.KeyId), new Claim(ClaimTypes.Name, caller.KeyId)], KeySignIn.SchemeName)
{
    public Caller Caller { get; } = caller;
}
