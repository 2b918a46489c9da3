using Orders.AppHost.Running;
using Orders.Engines;
using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.AppHost.Services;

/// <summary>Orders.GraphQL on the installed Node.</summary>
internal static class Gateway
{
    private const string Folder = "../Orders.GraphQL";

    /// <summary>
    /// Adds it in front of Orders.Query. npm first installs its packages into the cache folder.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name in the model.</param>
    /// <param name="port">Its port, unless the setting <c>name-port</c> is given.</param>
    /// <param name="query">The Orders.Query that it calls.</param>
    public static void AddGateway(this IDistributedApplicationBuilder builder, string name, int port, IResourceBuilder<ProjectResource> query)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            builder.AddExecutable(name, "node", Folder, "src/main.js").PublishAsDockerFile().AsGateway(port, query);
            return;
        }

        var folder = Path.GetFullPath(Folder, builder.AppHostDirectory);
        builder.AddProgram(new ProgramResource(name, folder), ServiceLinks.Endpoint, (progress, cancellationToken) => PrepareAsync(name, folder, progress, cancellationToken))
            .AsGateway(port, query)
            // Enables GraphiQL and introspection.
            .WithEnvironment("ORDERS_ENVIRONMENT", "Development")
            .WithEnvironment("HOST", "127.0.0.1")
            .EndsWithAppHost()
            .WithHttpHealthCheck("/health/ready", endpointName: ServiceLinks.Endpoint)
            .WithIconName("ShareAndroid")
            .WithUrlForEndpoint(ServiceLinks.Endpoint, url => url.DisplayText = "Address")
            .WithLink("/graphql", "GraphiQL")
            .WithLink("/health/ready", "Health", UrlDisplayLocation.DetailsOnly)
            .WaitFor(query);
    }

    private static IResourceBuilder<T> AsGateway<T>(this IResourceBuilder<T> gateway, int port, IResourceBuilder<ProjectResource> query)
        where T : ExecutableResource =>
        gateway
            .WithHttpEndpoint(ServicePorts.Of(gateway.ApplicationBuilder.Configuration, gateway.Resource.Name, port), env: "PORT", name: ServiceLinks.Endpoint)
            .WithEnvironment("ORDERS_QUERY_URL", query.GetEndpoint(ServiceLinks.Endpoint));

    private static async Task<ProgramStart.Describe> PrepareAsync(string name, string folder, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        var program = await NodeProgram.PrepareAsync("Orders.GraphQL", folder, new EngineOptions(), progress, cancellationToken);
        return _ => new EngineStart { Name = name, Program = program.Node, Source = $"Orders.GraphQL (Node {program.Version})", Arguments = [program.Script], Folder = Path.GetDirectoryName(program.Script)!, Environment = NodeProgram.Environment };
    }
}
