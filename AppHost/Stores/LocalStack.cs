using Microsoft.Extensions.DependencyInjection;

namespace Orders.AppHost.Stores;

/// <summary>The write store of a developer's machine: DynamoDB, its streams and S3, by LocalStack.</summary>
internal static class LocalStack
{
    // The last image that starts without an account at LocalStack.
    private const string FreeTag = "4.14.0";
    private const int Port = 4566;
    private const string Endpoint = "http";

    /// <summary>
    /// Adds it. <c>Parameters:localstack-tag</c> takes another tag of the image, and the variable
    /// <c>LOCALSTACK_AUTH_TOKEN</c> is handed on, which all later tags ask for. It is healthy when DynamoDB
    /// and its streams run, not already when its door is open.
    /// </summary>
    public static IResourceBuilder<ContainerResource> AddLocalStack(this IDistributedApplicationBuilder builder, string name)
    {
        var container = builder.AddContainer(name, "localstack/localstack", builder.Configuration["Parameters:localstack-tag"] ?? FreeTag)
            .WithHttpEndpoint(targetPort: Port, name: Endpoint)
            // The streams of DynamoDB, and Kinesis behind them, come with the first.
            .WithEnvironment("SERVICES", "dynamodb,s3")
            // DynamoDB takes seconds to start: now, not with the first order.
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
