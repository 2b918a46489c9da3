using Microsoft.Extensions.Configuration;
using Orders.AppHost;
using Orders.AppHost.Aws;
using Orders.Infra;

var builder = DistributedApplication.CreateBuilder(args);
if (builder.ExecutionContext.IsPublishMode)
{
    try
    {
        builder.AddOrdersOnAws();
    }
    catch (StackSettingException problem)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return 1;
    }

    await builder.Build().RunAsync();
    return Environment.ExitCode;
}

if (ContainerRuntime.FindFault(builder.Configuration) is { } fault)
{
    await Console.Error.WriteLineAsync($"No container runtime answers ({fault}). Start one, or run everything without containers: dotnet run --project Orders.Local");
    return 1;
}

// The stores. What they hold outlives a stop of AppHost, as they do themselves; Ephemeral=true keeps nothing, which is what tests want.
var keeps = !builder.Configuration.GetValue<bool>("Ephemeral");
var lifetime = keeps ? ContainerLifetime.Persistent : ContainerLifetime.Session;

var localstack = builder.AddLocalStack("localstack").WithLifetime(lifetime);
var postgres = builder.AddPostgres("postgres").WithImageTag("18.3").WithLifetime(lifetime);
var redis = builder.AddRedis("redis").WithImageTag("8.6").WithoutTls().WithLifetime(lifetime);
if (keeps)
    postgres.WithDataVolume("orders-postgres");

// Orders.Api makes the table, Orders.Sync the read model, Orders.Query only reads: they start in this order.
var orders = postgres.AddDatabase("orders");

var api = builder.AddProject<Projects.Orders_Api>("api")
    .WithTable(localstack)
    .WithHttpHealthCheck("/health/ready", endpointName: "http")
    .WithDemoOrders();

var sync = builder.AddProject<Projects.Orders_Sync>("sync")
    .WithReplicas(2)
    .WithTable(localstack)
    .WithReference(orders).WaitFor(orders)
    .WithReference(redis).WaitFor(redis)
    .WithHttpHealthCheck("/health/ready", endpointName: "http")
    .WithReconcile()
    .WithSnapshot()
    .WaitFor(api);

var query = builder.AddProject<Projects.Orders_Query>("query")
    .WithReference(orders)
    .WithReference(redis)
    .WithHttpHealthCheck("/health/ready", endpointName: "http")
    .WaitFor(sync);

// Its page places orders.
query.WithEnvironment("Console__ApiUrl", api.GetEndpoint("http"));
api.WithOrigin(query.GetEndpoint("http"));

builder.AddGateway("graphql", query);

await builder.Build().RunAsync();
return 0;
