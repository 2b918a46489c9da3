using Orders.AppHost.Stores;

namespace Orders.AppHost.Services;

/// <summary>
/// Gives services the addresses of their stores, in the same settings as everywhere, and makes them wait for
/// the stores.
/// </summary>
internal static class StoreReferences
{
    private const string Table = "orders";

    /// <summary>The table and its stream.</summary>
    public static IResourceBuilder<ProjectResource> WithTable(this IResourceBuilder<ProjectResource> service, AllStores stores)
    {
        service.WithEnvironment("Orders__Table", Table);
        if (stores.Table is not { } table)
        {
            return service;
        }

        var address = table.GetEndpoint("http");
        return service
            .WithEnvironment("AWS_ENDPOINT_URL_DYNAMODB", address)
            .WithEnvironment("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", address)
            .WithEnvironment("AWS_ENDPOINT_URL_S3", address)
            .WithEnvironment("AWS_REGION", "us-east-1")
            // The engine accepts any credentials; the developer's own are not sent to it.
            .WithEnvironment("AWS_ACCESS_KEY_ID", "local")
            .WithEnvironment("AWS_SECRET_ACCESS_KEY", "local")
            .WithEnvironment("AWS_SESSION_TOKEN", "")
            .WithEnvironment("AWS_PROFILE", "")
            .WaitFor(table);
    }

    /// <summary>The lake: a folder beside the engines' data.</summary>
    public static IResourceBuilder<ProjectResource> WithLake(this IResourceBuilder<ProjectResource> service, AllStores stores) =>
        stores.Home is { } home ? service.WithEnvironment("Orders__Warehouse__Lake", home.Lake) : service;

    /// <summary>Postgres and, if there is one, Redis.</summary>
    public static IResourceBuilder<ProjectResource> WithReadStores(this IResourceBuilder<ProjectResource> service, AllStores stores)
    {
        service.WithReference(stores.Orders).WaitFor(stores.Orders);
        if (stores.Redis is { } redis)
        {
            service.WithReference(redis).WaitFor(redis);
        }

        return service;
    }
}
