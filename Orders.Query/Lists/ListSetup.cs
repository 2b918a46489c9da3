using Microsoft.OpenApi;
using Orders.Domain;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.Query.Rows;
using Orders.Query.Settings;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Lists;

internal static class ListSetup
{
    public static void AddLists(this IServiceCollection services)
    {
        services.AddSingleton<ListStore>();
        services.AddSingleton(provider => new CursorSeal(provider.GetRequiredService<QuerySettings>().CursorKey));
    }

    public static void MapLists(this RouteGroupBuilder v1) =>
        v1.MapGroup("/orders").WithTags("orders").ReadsInTime().MapRead("", ListOrders.HandleAsync)
            .WithName("ListOrders")
            .WithSummary("Orders by any combination of filters, newest first, a page at a time; or by many ids.")
            .WithQuery("merchant_id", JsonSchemaType.String, "Orders of this merchant.", "merchant-102")
            .WithQuery("customer_id", JsonSchemaType.String, "Orders of this customer.", "customer-7")
            .WithOrderFilters()
            .WithQuery("limit", JsonSchemaType.Integer, $"Orders on a page, 1 to {ListRequest.MaxLimit}; {ListRequest.DefaultLimit} when left out.", "50")
            .WithQuery("cursor", JsonSchemaType.String, "next_cursor of the page before, with the same filters.", ListExamples.Cursor)
            .WithQuery(IdList.Parameter, JsonSchemaType.String, $"Up to {IdList.Max} order ids with commas between, and no other parameter: these, in the order asked.", OrderExamples.OrderId)
            .WithAnswer(ListExamples.Page)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    /// <summary>Describes the filters that lists of orders share.</summary>
    public static RouteHandlerBuilder WithOrderFilters(this RouteHandlerBuilder route) => route
        .WithQuery("status", JsonSchemaType.String, $"Orders in this status: {string.Join(", ", OrderStatuses.All)}.", "paid")
        .WithQuery("currency", JsonSchemaType.String, "Orders in this currency, by its ISO 4217 code.", "INR")
        .WithQuery("from", JsonSchemaType.String, "Placed at this time or later: ISO 8601 with any offset, without one UTC; a date is its midnight in UTC.", "2026-01-31T13:30:00+05:30")
        .WithQuery("to", JsonSchemaType.String, "Placed before this time.", "2026-02-01");
}
