using Orders.Api.Batch;
using Orders.Api.ChangeStatus;
using Orders.Api.Delete;
using Orders.Api.Place;
using Orders.ServiceDefaults;

namespace Orders.Api;

/// <summary>The service's endpoints at a glance.</summary>
internal static class OrderRoutes
{
    public const string Prefix = "/v1/orders";

    public static void MapOrders(this WebApplication app)
    {
        var orders = app.MapGroup(Prefix).RequireScope(Scopes.OrdersWrite).AddEndpointFilter<StoreFailureFilter>().WithTags("orders");
        orders.MapPlace();
        orders.MapBatch();
        orders.MapChangeStatus();
        orders.MapDelete();
    }

    /// <summary>
    /// Reads an order's id from the path. There is no order under what is no id, so that the answer is 404 as for any other; hence no route constraint,
    /// whose 404 would be in other words.
    /// </summary>
    public static bool TryReadId(string text, out Guid orderId) => Guid.TryParseExact(text, "D", out orderId);
}
