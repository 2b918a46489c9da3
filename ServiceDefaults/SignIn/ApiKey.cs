using System.Security.Claims;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>A key as it is kept: its secret's hash and what whoever knows the secret may do.</summary>
internal sealed class ApiKey(ApiKeyHash hash, Caller caller)
{
    public ApiKeyHash Hash { get; } = hash;

    public Caller Caller { get; } = caller;

    public ClaimsPrincipal Principal { get; } = new(new CallerIdentity(caller));
}
