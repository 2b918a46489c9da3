using System.Globalization;

namespace Orders.AppHost.Services;

/// <summary>How the services appear in the dashboard: named links, an icon, their health.</summary>
internal static class ServiceLinks
{
    /// <summary>The name of every service's endpoint.</summary>
    public const string Endpoint = "http";

    /// <summary>Gives a service its port, icon, health check and the links that all services have.</summary>
    /// <param name="service">The service.</param>
    /// <param name="port">Its port; null for any free one. The setting <c>name-port</c> overrides it; 0
    /// means any free port.</param>
    /// <param name="icon">The name of a Fluent UI icon.</param>
    public static IResourceBuilder<ProjectResource> AsService(this IResourceBuilder<ProjectResource> service, int? port, string icon) => service
        .WithEndpoint(Endpoint, endpoint => endpoint.Port = ServicePorts.Of(service.ApplicationBuilder.Configuration, service.Resource.Name, port))
        .WithHttpHealthCheck("/health/ready", endpointName: Endpoint)
        .WithIconName(icon)
        .WithoutTls()
        // Four lines at each start that say nothing about the service.
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

    /// <summary>Adds the link to the console page of Orders.Query.</summary>
    public static IResourceBuilder<ProjectResource> WithConsole(this IResourceBuilder<ProjectResource> query) =>
        query.WithUrlForEndpoint(Endpoint, url => url.DisplayText = "Console");

    /// <summary>Adds a named link to a page of a service.</summary>
    public static IResourceBuilder<T> WithLink<T>(this IResourceBuilder<T> service, string path, string text, UrlDisplayLocation where = UrlDisplayLocation.SummaryAndDetails)
        where T : IResourceWithEndpoints =>
        service.WithUrlForEndpoint(Endpoint, _ => new ResourceUrlAnnotation { Url = path, DisplayText = text, DisplayLocation = where });
}
