namespace Orders.AppHost.Services;

internal static class Origins
{
    /// <summary>Lets the pages of this address call Orders.Api from a browser, whichever of the two names of this machine the browser was given.</summary>
    public static void WithOrigin(this IResourceBuilder<ProjectResource> api, EndpointReference page) =>
        api.WithEnvironment("Orders__Api__AllowedOrigins", ReferenceExpression.Create($"{page},http://127.0.0.1:{page.Property(EndpointProperty.Port)}"));
}
