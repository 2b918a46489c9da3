using Microsoft.AspNetCore.Authorization;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Met by a caller who belongs to all merchants.</summary>
/// <param name="wayOut">What else such a caller can do, as a sentence; null for nothing.</param>
internal sealed class AllMerchantsRequirement(string? wayOut) : AuthorizationHandler<AllMerchantsRequirement>, IAuthorizationRequirement
{
    public const string Reason = "This is about the orders of all merchants, and this key belongs to some of them: it needs a key of all merchants (*).";

    /// <summary>The reason and the way out, for the answer.</summary>
    public string Detail { get; } = wayOut is null ? Reason : $"{Reason} {wayOut}";

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AllMerchantsRequirement requirement)
    {
        if (context.User.Identity is CallerIdentity { Caller.AllMerchants: true })
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
