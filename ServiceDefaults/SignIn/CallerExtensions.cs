using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Finds the caller of a request.</summary>
public static class CallerExtensions
{
    /// <summary>The authenticated caller of this request.</summary>
    /// <exception cref="InvalidOperationException">There is none: the endpoint was mapped without
    /// <c>RequireScope</c>.</exception>
    public static Caller GetCaller(this HttpContext context) =>
        context.FindCaller() ?? throw new InvalidOperationException("Nobody is signed in. Map the endpoint with RequireScope.");

    internal static Caller? FindCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.User.Identity as CallerIdentity)?.Caller;
    }
}
