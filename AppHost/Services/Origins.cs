namespace Orders.AppHost.Services;

internal static class Origins
{
    /// <summary>
    /// Allows pages of this address to call Orders.Api from a browser (CORS). On this machine both names,
    /// localhost and 127.0.0.1, are allowed; elsewhere the one name of the endpoint.
    /// </summary>
    public static void WithOrigin(this IResourceBuilder<ProjectResource> api, EndpointReference page) =>
        api.WithEnvironment("Orders__Api__AllowedOrigins", api.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? ReferenceExpression.Create($"{page}")
            : ReferenceExpression.Create($"{page},http://127.0.0.1:{page.Property(EndpointProperty.Port)}"));
}
