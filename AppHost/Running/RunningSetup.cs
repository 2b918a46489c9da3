using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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
        // A stop in the middle of a start is logged there with its stack as a failure; a real one is thrown, and ends AppHost with its message.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical));
        services.AddSingleton(stores);
        // First of all, since Aspire's own start returns only when everything runs.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ProgramWatch>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, AddressesFile>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StopDuringStart>());
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ClosedTerminal>());
        // Last of all, since the last is stopped first.
        services.AddSingleton<OrderlyStop>();
        services.AddHostedService(provider => provider.GetRequiredService<OrderlyStop>());
    }
}
