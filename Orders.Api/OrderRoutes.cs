using Orders.Api.Batch;
using Orders.Api.ChangeStatus;
using Orders.Api.Delete;
using Orders.Api.Place;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

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
}
