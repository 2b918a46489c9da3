namespace Orders.Query;

internal static class ChangesSetup
{
    public static void AddChangeFeed(this IServiceCollection services) => services.AddHostedService<ChangeFeed>();
}
