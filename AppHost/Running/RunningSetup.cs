using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.AppHost.Stores;

namespace Orders.AppHost.Running;

/// <summary>What goes on beside the resources while they run.</summary>
internal static class RunningSetup
{
    /// <summary>Records processes and addresses, and lets the stop go in order.</summary>
    /// <param name="builder">Gets the parts.</param>
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
        // The orchestrator's is the last that Aspire adds; it begins right behind this one.
        services.AddSingleton<BeforeOrchestrator>();
        services.Insert(LastHostedService(services), ServiceDescriptor.Singleton<IHostedService>(provider => provider.GetRequiredService<BeforeOrchestrator>()));
        // First of all, since Aspire's own start returns only when everything runs.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ProgramWatch>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, UnaskedEnds>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, OrchestratorWatch>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, AddressesFile>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ReadyLine>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StopDuringStart>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ClosedTerminal>());
        // Last of all, since the last is stopped first.
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
