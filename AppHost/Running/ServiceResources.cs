using Orders.AppHost.Services;

namespace Orders.AppHost.Running;

/// <summary>The services among the resources.</summary>
internal static class ServiceResources
{
    /// <summary>All services: the projects and the gateway, without the stores.</summary>
    /// <param name="model">The model.</param>
    public static IEnumerable<IResource> Services(this DistributedApplicationModel model) =>
        model.Resources.Where(resource => resource is ProjectResource || resource.GetType() == typeof(ProgramResource));

    /// <summary>The URL that a service listens on.</summary>
    /// <param name="model">The model.</param>
    /// <param name="service">Its resource's name.</param>
    public static string AddressOf(this DistributedApplicationModel model, string service) =>
        ((IResourceWithEndpoints)model.Resources.First(resource => resource.Name == service)).GetEndpoint(ServiceLinks.Endpoint).Url;
}
