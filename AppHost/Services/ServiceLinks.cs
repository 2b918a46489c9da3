using System.Globalization;

namespace Orders.AppHost.Services;

/// <summary>How the services look in the dashboard: named links, an icon, their health.</summary>
internal static class ServiceLinks
{
    /// <summary>The endpoint of every service.</summary>
    public const string Endpoint = "http";

    /// <summary>
    /// Gives a service its port, its icon, its health check and the links that each of them has.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="port">Where it listens; null for any free port. The setting <c>name-port</c> changes it,
    /// 0 being any free one.</param>
    /// <param name="icon">A name of Fluent UI's icons.</param>
    public static IResourceBuilder<ProjectResource> AsService(this IResourceBuilder<ProjectResource> service, int? port, string icon) => service
        .WithEndpoint(Endpoint, endpoint => endpoint.Port = ServicePorts.Of(service.ApplicationBuilder.Configuration, service.Resource.Name, port))
        .WithHttpHealthCheck("/health/ready", endpointName: Endpoint)
        .WithIconName(icon)
        .WithoutTls()
        // Four lines at each start that say nothing of the service.
        .WithEnvironment("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Warning")
        .WithUrlForEndpoint(Endpoint, url => url.DisplayText = "Address")
        .EndsWithAppHost()
        .WithLink("/docs", "API reference")
        .WithLink("/health/ready", "Health", UrlDisplayLocation.DetailsOnly);

    /// <summary>
    /// Passes the process id of AppHost to a service: the service ends by itself when that process has
    /// exited.
    /// </summary>
    public static IResourceBuilder<T> EndsWithAppHost<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode ? service.WithEnvironment("ORDERS_APPHOST_PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) : service;

    /// <summary>Adds the link to the page of Orders.Query.</summary>
    public static IResourceBuilder<ProjectResource> WithConsole(this IResourceBuilder<ProjectResource> query) =>
        query.WithUrlForEndpoint(Endpoint, url => url.DisplayText = "Console");

    /// <summary>Adds a named link to a page of a service.</summary>
    public static IResourceBuilder<T> WithLink<T>(this IResourceBuilder<T> service, string path, string text, UrlDisplayLocation where = UrlDisplayLocation.SummaryAndDetails)
        where T : IResourceWithEndpoints =>
        service.WithUrlForEndpoint(Endpoint, _ => new ResourceUrlAnnotation { Url = path, DisplayText = text, DisplayLocation = where });
}
