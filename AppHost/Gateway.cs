namespace Orders.AppHost;

/// <summary>Orders.GraphQL, on the Node of this machine.</summary>
internal static class Gateway
{
    private const int Port = 8083;

    /// <summary>Adds it in front of Orders.Query; npm installs first what it needs.</summary>
    public static void AddGateway(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ProjectResource> query) =>
        builder.AddNodeApp(name, "../Orders.GraphQL", "src/main.js")
            .WithNpm()
            .WithHttpEndpoint(Port, env: "PORT")
            .WithEnvironment("ORDERS_QUERY_URL", query.GetEndpoint("http"))
            // GraphiQL and introspection.
            .WithEnvironment("ORDERS_ENVIRONMENT", "Development")
            .WithHttpHealthCheck("/health/ready", endpointName: "http")
            .WaitFor(query);
}
