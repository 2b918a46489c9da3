using Orders.Query.Changes;
using Orders.Query.Settings;

namespace Orders.Query.Waiting;

internal static class WaitingSetup
{
    public static void AddWaiting(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var waiters = new Waiters(provider.GetRequiredService<QuerySettings>().MaxWaiters);
            // Waiting requests are answered when the service stops, not cut off.
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(waiters.Close);
            return waiters;
        });
        services.AddSingleton<IChangeListener>(provider => provider.GetRequiredService<Waiters>());
        services.AddHostedService<WaitersCheck>();
    }
}
