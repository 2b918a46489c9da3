using Microsoft.OpenApi;
using Orders.Domain;
using Orders.ServiceDefaults;

namespace Orders.Query;

internal static class OrdersSetup
{
    public static void AddOrders(this IServiceCollection services)
    {
        services.AddSingleton<OrderStore>();
        services.AddSingleton<OrderReader>();
        services.AddSingleton<ListStore>();
        services.AddSingleton<HistoryStore>();
        services.AddSingleton(provider => new CursorSeal(provider.GetRequiredService<QuerySettings>().CursorKey));
    }

    public static void MapOrders(this RouteGroupBuilder v1)
    {
        // Not among the others: a filter would cost the one that is asked most.
        v1.MapRead("/orders/{id}", GetOrder.HandleAsync)
            .WithTags("orders")
            .WithName("GetOrder")
            .WithSummary("An order by its id: from Redis, else from Postgres.")
            .WithIdExample(ReadExamples.OrderId)
            .WithQuery(MinVersion.Parameter, JsonSchemaType.Integer, "Answer with this version or a later one, else 503: to read one's own write.", "2")
            .WithHeader("Prefer", $"wait=S: wait up to S seconds, at most {PreferWait.MaxSeconds}, until {MinVersion.Parameter} is visible.", "wait=5")
            .WithHeader("If-None-Match", "The ETag of an earlier answer: 304 while the order has not changed.", "\"2\"")
            .WithAnswer(ReadExamples.Order)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);

        var orders = v1.MapGroup("/orders").WithTags("orders").ReadsInTime();
        orders.MapRead("", ListOrders.HandleAsync)
            .WithName("ListOrders")
            .WithSummary("Orders by any combination of filters, newest first, a page at a time; or by many ids.")
            .WithQuery("merchant_id", JsonSchemaType.String, "Orders of this merchant.", "merchant-102")
            .WithQuery("customer_id", JsonSchemaType.String, "Orders of this customer.", "customer-7")
            .WithOrderFilters()
            .WithQuery("limit", JsonSchemaType.Integer, $"Orders on a page, 1 to {ListRequest.MaxLimit}; {ListRequest.DefaultLimit} when left out.", "50")
            .WithQuery("cursor", JsonSchemaType.String, "next_cursor of the page before, with the same filters.", ReadExamples.Cursor)
            .WithQuery(IdList.Parameter, JsonSchemaType.String, $"Up to {IdList.Max} order ids with commas between, and no other parameter: these, in the order asked.", ReadExamples.OrderId)
            .WithAnswer(ReadExamples.Orders)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
        orders.MapRead("/by-customer", ListByCustomer.HandleAsync)
            .WithName("ListOrdersByCustomer")
            .WithSummary("The newest orders of each of many customers, in one call.")
            .WithQuery(IdList.Parameter, JsonSchemaType.String, $"Up to {IdList.Max} of customer_id or merchant_id/customer_id, with commas between.", "merchant-102/customer-7,merchant-102/customer-8")
            .WithMerchantOfId()
            .WithQuery("limit_each", JsonSchemaType.Integer, $"Orders of each, 1 to {ByCustomerRequest.MaxLimitEach}; {ByCustomerRequest.DefaultLimitEach} when left out. All together at most {ByCustomerRequest.MaxOrders}.", "10")
            .WithOrderFilters()
            .WithAnswer(ReadExamples.ByCustomer)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
        orders.MapRead("/{id}/history", GetHistory.HandleAsync)
            .WithName("GetOrderHistory")
            .WithSummary("Every version of an order with what it changed, oldest first; also of a deleted one.")
            .WithIdExample(ReadExamples.OrderId)
            .WithQuery("limit", JsonSchemaType.Integer, $"Versions on a page, 1 to {GetHistory.MaxLimit}; {GetHistory.DefaultLimit} when left out.", "50")
            .WithQuery("after_version", JsonSchemaType.Integer, "next_after_version of the page before.", "1")
            .WithAnswer(ReadExamples.History)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
    }

    private static RouteHandlerBuilder WithOrderFilters(this RouteHandlerBuilder route) => route
        .WithQuery("status", JsonSchemaType.String, $"Orders in this status: {string.Join(", ", OrderStatuses.All)}.", "paid")
        .WithQuery("currency", JsonSchemaType.String, "Orders in this currency, by its ISO 4217 code.", "INR")
        .WithQuery("from", JsonSchemaType.String, "Placed at this time or later: ISO 8601 with any offset, without one UTC; a date is its midnight in UTC.", "2026-01-31T13:30:00+05:30")
        .WithQuery("to", JsonSchemaType.String, "Placed before this time.", "2026-02-01");
}
