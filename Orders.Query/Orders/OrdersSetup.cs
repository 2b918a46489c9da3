using Microsoft.OpenApi;
using Orders.Domain;

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
            .WithSummary("An order by its id: from Redis, else from Postgres.")
            .WithQuery(MinVersion.Parameter, JsonSchemaType.Integer, "Answer with this version or a later one, else 503: to read one's own write.")
            .WithHeader("Prefer", $"wait=S: wait up to S seconds, at most {PreferWait.MaxSeconds}, until {MinVersion.Parameter} is visible.")
            .WithHeader("If-None-Match", "The ETag of an earlier answer: 304 while the order has not changed.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        v1.MapRead("/orders", ListOrders.HandleAsync)
            .WithName("ListOrders")
            .WithSummary("Orders by any combination of filters, newest first, a page at a time.")
            .WithQuery("merchant_id", JsonSchemaType.String, "Orders of this merchant.")
            .WithQuery("customer_id", JsonSchemaType.String, "Orders of this customer.")
            .WithQuery("status", JsonSchemaType.String, $"Orders in this status: {string.Join(", ", OrderStatuses.All)}.")
            .WithQuery("currency", JsonSchemaType.String, "Orders in this currency, by its ISO 4217 code.")
            .WithQuery("from", JsonSchemaType.String, "Placed at this time or later: ISO 8601 with any offset, without one UTC; a date is its midnight in UTC.")
            .WithQuery("to", JsonSchemaType.String, "Placed before this time.")
            .WithQuery("limit", JsonSchemaType.Integer, $"Orders on a page, 1 to {ListRequest.MaxLimit}; {ListRequest.DefaultLimit} when left out.")
            .WithQuery("cursor", JsonSchemaType.String, "next_cursor of the page before, with the same filters.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }
}
