using Microsoft.Extensions.DependencyInjection;

namespace Orders.AppHost.Stores;

/// <summary>
/// The write store of a developer's machine: DynamoDB, its streams and S3, provided by LocalStack.
/// </summary>
internal static class LocalStack
{
    // The last image that starts without a LocalStack account.
    private const string FreeTag = "4.14.0";
    private const int Port = 4566;
    private const string Endpoint = "http";

    /// <summary>
    /// Adds it. <c>Parameters:localstack-tag</c> sets another tag of the image. The variable
    /// <c>LOCALSTACK_AUTH_TOKEN</c>, which all later tags require, is passed on. It is healthy when DynamoDB
    /// and its streams run, not as soon as its port is open.
    /// </summary>
    public static IResourceBuilder<ContainerResource> AddLocalStack(this IDistributedApplicationBuilder builder, string name)
    {
        var container = builder.AddContainer(name, "localstack/localstack", builder.Configuration["Parameters:localstack-tag"] ?? FreeTag)
            .WithHttpEndpoint(targetPort: Port, name: Endpoint)
            // "dynamodb" includes its streams, and Kinesis that they use.
            .WithEnvironment("SERVICES", "dynamodb,s3")
            // DynamoDB takes seconds to start: load it now, not with the first order.
            .WithEnvironment("EAGER_SERVICE_LOADING", "1")
            .WithEnvironment("DISABLE_EVENTS", "1");
        if (builder.Configuration["LOCALSTACK_AUTH_TOKEN"] is { Length: > 0 } token)
        {
            container.WithEnvironment("LOCALSTACK_AUTH_TOKEN", builder.AddParameter("localstack-auth-token", token, secret: true));
        }

        var check = $"{name}-services";
        var address = container.GetEndpoint(Endpoint);
        builder.Services.AddHealthChecks().Add(new(check, _ => new LocalStackHealth(address), failureStatus: null, tags: null));
        return container.WithHealthCheck(check);
    }
}
