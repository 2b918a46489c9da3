namespace Orders.Query;

internal static class OrdersSetup
{
    public static void AddOrders(this IServiceCollection services)
    {
        services.AddSingleton<OrderStore>();
        services.AddSingleton<OrderReader>();
        services.AddSingleton<ListStore>();
        services.AddSingleton(provider => new CursorSeal(provider.GetRequiredService<QuerySettings>().CursorKey));
    }

    public static void MapOrders(this RouteGroupBuilder v1)
    {
        v1.MapRead("/orders/{id}", GetOrder.HandleAsync)
            .WithName("GetOrder")
            .WithSummary("An order by its id: from Redis, else from Postgres.");
        v1.MapRead("/orders", ListOrders.HandleAsync)
            .WithName("ListOrders")
            .WithSummary("Orders by any combination of filters, newest first, a page at a time.");
    }
}
