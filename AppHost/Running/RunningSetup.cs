using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.AppHost.Stores;

namespace Orders.AppHost.Running;

/// <summary>Adds the background work while the resources run.</summary>
internal static class RunningSetup
{
    /// <summary>Records processes and addresses, and makes the shutdown graceful.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="stores">The stores.</param>
    public static void AddRunning(this IDistributedApplicationBuilder builder, AllStores stores)
    {
        var services = builder.Services;
        var orchestrator = new Orchestrator();
        services.AddSingleton(orchestrator);
        var quietEnd = new QuietEnd(orchestrator);
        services.AddSingleton(quietEnd);
        services.AddLogging(quietEnd.Filter);
        services.AddSingleton(stores);
        // Aspire adds the orchestrator's service last; it starts directly after this one.
        services.AddSingleton<BeforeOrchestrator>();
        services.Insert(LastHostedService(services), ServiceDescriptor.Singleton<IHostedService>(provider => provider.GetRequiredService<BeforeOrchestrator>()));
        // First, because Aspire's own start returns only when everything runs.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ProgramWatch>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, UnaskedEnds>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, OrchestratorWatch>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, AddressesFile>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ReadyLine>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StopDuringStart>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ClosedTerminal>());
        // Last, because services are stopped in reverse order.
        services.AddSingleton<OrderlyStop>();
        services.AddHostedService(provider => provider.GetRequiredService<OrderlyStop>());
    }

    private static int LastHostedService(IServiceCollection services)
    {
        var last = services.Count - 1;
        while (services[last].ServiceType != typeof(IHostedService))
        {
            last--;
        }

        return last;
    }
}
