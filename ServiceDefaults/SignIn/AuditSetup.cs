using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Writes <see cref="AuditLog"/> for every request that belongs there.</summary>
internal static class AuditSetup
{
    /// <summary>
    /// Sees the statuses of all that refuses: add it before. Exceptions of an act pass through, with a line.
    /// </summary>
    public static void UseAudit(this WebApplication app)
    {
        var audit = app.Services.GetRequiredService<AuditLog>();
        app.Use((context, next) => WatchAsync(audit, context, next));
    }

    private static async Task WatchAsync(AuditLog audit, HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch when (IsAct(context))
        {
            audit.Act(context, StatusCodes.Status500InternalServerError);
            throw;
        }

        if (context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            audit.Refused(context);
        }
        else if (IsAct(context))
        {
            audit.Act(context, context.Response.StatusCode);
        }
    }

    // Looking is no act.
    private static bool IsAct(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method)
        && !HttpMethods.IsHead(context.Request.Method)
        && context.FindCaller() is not null
        && context.GetEndpoint()?.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
            .Any(policy => policy.Requirements.OfType<ScopeRequirement>().Any(requirement => requirement.Scope == Scopes.Operations)) == true;
}
