namespace Orders.AppHost.Services;

internal static class Origins
{
    /// <summary>
    /// Lets the pages of this address call Orders.Api from a browser: on this machine by whichever of its
    /// two names the browser was given, elsewhere by the one that it has.
    /// </summary>
    public static void WithOrigin(this IResourceBuilder<ProjectResource> api, EndpointReference page) =>
        api.WithEnvironment("Orders__Api__AllowedOrigins", api.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? ReferenceExpression.Create($"{page}")
            : ReferenceExpression.Create($"{page},http://127.0.0.1:{page.Property(EndpointProperty.Port)}"));
}
