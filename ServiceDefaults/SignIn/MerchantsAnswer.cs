using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Errors;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// Answers a caller who lacks only the merchants, whatever the sign-in was. A missing scope is answered by
/// the sign-in itself.
/// </summary>
internal sealed class MerchantsAnswer : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult is { Forbidden: true, AuthorizationFailure.FailedRequirements: var failed }
            && failed.OfType<AllMerchantsRequirement>().FirstOrDefault() is { } missing && failed.All(one => one is AllMerchantsRequirement)
            ? Problems.Of(StatusCodes.Status403Forbidden, missing.Detail, new() { ["required_merchants"] = new[] { Caller.EveryMerchant } }).ExecuteAsync(context)
            : _usual.HandleAsync(next, context, policy, authorizeResult);
}
