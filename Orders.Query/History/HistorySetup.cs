using Microsoft.OpenApi;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.Query.Rows;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.History;

internal static class HistorySetup
{
    public static void AddHistory(this IServiceCollection services) => services.AddSingleton<HistoryStore>();

    public static void MapHistory(this RouteGroupBuilder v1) =>
        v1.MapGroup("/orders").WithTags("orders").ReadsInTime().MapRead("/{id}/history", GetHistory.HandleAsync)
            .WithName("GetOrderHistory")
            .WithSummary("Every version of an order with what it changed, oldest first; also of a deleted one.")
            .WithIdExample(OrderExamples.OrderId)
            .WithQuery("limit", JsonSchemaType.Integer, $"Versions on a page, 1 to {GetHistory.MaxLimit}; {GetHistory.DefaultLimit} when left out.", "50")
            .WithQuery("after_version", JsonSchemaType.Integer, "next_after_version of the page before.", "1")
            .WithAnswer(HistoryExamples.Page)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
}
