using System.Security.Claims;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>A stored API key: the hash of its secret, and its permissions.</summary>
internal sealed class ApiKey(ApiKeyHash hash, Caller caller)
{
    public ApiKeyHash Hash { get; } = hash;

    public Caller Caller { get; } = caller;

    public ClaimsPrincipal Principal { get; } = new(new CallerIdentity(caller));
}
