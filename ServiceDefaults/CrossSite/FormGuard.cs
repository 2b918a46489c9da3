using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Errors;

namespace Orders.ServiceDefaults.CrossSite;

/// <summary>
/// For endpoints that need no body: a form of a foreign page can send their requests, and an old browser
/// does not say where they come from. So they need a header that no form can send.
/// </summary>
public static class FormGuard
{
    /// <summary>The header to send, with any value.</summary>
    public const string Header = "X-Requested-With";

    private static readonly string Missing =
        $"A page of another site could have sent this. Send the header {Header} with any value, or sign in with X-Api-Key or a bearer token.";

    /// <summary>
    /// Refuses (403) a POST with Basic credentials and without such a header: <see cref="Header"/>, or a
    /// Content-Type of JSON.
    /// </summary>
    /// <param name="builder">An endpoint or a group of them.</param>
    public static TBuilder RefuseForms<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter<TBuilder, Filter>();

    private static bool CouldBeAForm(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        // Browsers add only these by themselves.
        && request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)
        && !request.Headers.ContainsKey("X-Api-Key")
        && !request.Headers.ContainsKey(Header)
        && !request.HasJsonContentType()
        && !CrossSiteGuard.IsOwnPage(request);

    private sealed class Filter : IEndpointFilter
    {
        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
            CouldBeAForm(context.HttpContext.Request) ? new(Problems.Of(StatusCodes.Status403Forbidden, Missing)) : next(context);
    }
}
