using Microsoft.Extensions.Hosting;
using Orders.AppHost.Services;
using Orders.AppHost.Stores;
using Orders.Engines.Data;

namespace Orders.AppHost.Running;

/// <summary>
/// Keeps the addresses in the data folder while the stores run, for the commands of Orders.Sync and
/// Orders.Warehouse and for scripts.
/// </summary>
internal sealed class AddressesFile(Home home, AllStores stores, DistributedApplicationModel model, ResourceNotificationService notifications, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await notifications.WaitForResourceHealthyAsync(stores.Table!.Resource.Name, stoppingToken);
            await notifications.WaitForResourceHealthyAsync("postgres", stoppingToken);
            using var file = EndpointsFile.Write(home.Data, await ReadAsync(stoppingToken));
            await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // AppHost stops.
        }
    }

    private async Task<Endpoints> ReadAsync(CancellationToken cancellationToken) => new()
    {
        Pid = Environment.ProcessId,
        StartedAt = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
        Postgres = (await stores.Orders.Resource.GetConnectionStringAsync(cancellationToken))!,
        Redis = stores.Redis is { } redis ? await redis.Resource.GetConnectionStringAsync(cancellationToken) : null,
        DynamoDb = stores.Table!.GetEndpoint(ServiceLinks.Endpoint).Url,
        Api = model.AddressOf("api"),
        Query = model.AddressOf("query"),
        Sync = model.AddressOf("sync"),
        GraphQL = model.AddressOf("graphql"),
        Warehouse = model.AddressOf("warehouse"),
        Lake = home.Lake,
    };
}
