namespace Orders.Query.Cache;

internal static class CacheSetup
{
    public static void AddOrderCache(this IServiceCollection services)
    {
        services.AddSingleton<CachedOrders>();
        services.AddSingleton<CacheTrust>();
        services.AddHostedService(provider => provider.GetRequiredService<CacheTrust>());
    }
}
