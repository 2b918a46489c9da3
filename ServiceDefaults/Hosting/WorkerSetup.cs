using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>Background services that need what the start checks.</summary>
public static class WorkerSetup
{
    /// <summary>
    /// Adds a singleton that runs with the host, like a hosted service, but begins only when every
    /// <see cref="IStartCheck"/> has passed: a service starts without its stores, too.
    /// </summary>
    /// <typeparam name="TWorker">The background service.</typeparam>
    public static IServiceCollection AddWorker<TWorker>(this IServiceCollection services)
        where TWorker : BackgroundService
    {
        services.TryAddSingleton<TWorker>();
        return services.AddHostedService(provider => new AfterStart<TWorker>(provider.GetRequiredService<TWorker>(), provider.GetService<StartChecks>()));
    }
}
