using Orders.AppHost;
using Orders.AppHost.Aws;
using Orders.AppHost.Commands;
using Orders.AppHost.Running;
using Orders.AppHost.Services;
using Orders.AppHost.Stores;

return await Application.RunAsync(args, ComposeAsync);

async Task<int> ComposeAsync()
{
    var builder = DistributedApplication.CreateBuilder(Application.Options(args));
    var stores = await AllStores.AddAsync(builder);

    // They start in this order: Orders.Api creates the table, Orders.Sync the read model; the others read.
    var api = builder.AddProject<Projects.Orders_Api>("api")
        .AsService(8080, "Receipt")
        .WithTable(stores)
        .WithDemoOrders();

    var sync = builder.AddProject<Projects.Orders_Sync>("sync")
        .AsService(8082, "ArrowSync")
        .WithTable(stores).WithReadStores(stores)
        .WithOperations().WaitFor(api);

    var query = builder.AddProject<Projects.Orders_Query>("query")
        .AsService(8081, "DataBarVertical")
        .WithReadStores(stores)
        .WithConsole()
        .WaitFor(sync);

    // Its page can place orders.
    query.WithEnvironment("Console__ApiUrl", api.GetEndpoint("http"));
    api.WithOrigin(query.GetEndpoint("http"));

    builder.AddGateway("graphql", 8083, query);

    if (builder.ExecutionContext.IsRunMode)
    {
        // A second consumer: the two share the shards, and each takes over when the other is killed.
        builder.AddProject<Projects.Orders_Sync>("sync-2")
            .AsService(port: null, "ArrowSync")
            .WithTable(stores).WithReadStores(stores)
            .WithOperations().WaitFor(sync);

        builder.AddProject<Projects.Orders_Warehouse>("warehouse")
            .AsService(8084, "Database")
            .WithTable(stores).WithReadStores(stores).WithLake(stores)
            .WithWarehouseOperations().WaitFor(sync);
        builder.AddRunning(stores);
    }
    else
    {
        builder.AddAwsStack();
    }

    await using var app = builder.Build();
    await app.RunAsync();
    return Environment.ExitCode;
}
