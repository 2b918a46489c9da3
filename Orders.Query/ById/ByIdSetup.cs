using Microsoft.OpenApi;
using Orders.Query.Http;
using Orders.Query.Rows;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.ById;

internal static class ByIdSetup
{
    public static void AddOrderById(this IServiceCollection services)
    {
        services.AddSingleton<OrderStore>();
        services.AddSingleton<OrderReader>();
        services.AddSingleton<VersionReader>();
    }

    // No endpoint filter: it would slow down the most used route.
    public static void MapOrderById(this RouteGroupBuilder v1) =>
        v1.MapRead("/orders/{id}", GetOrder.HandleAsync)
            .WithTags("orders")
            .WithName("GetOrder")
            .WithSummary("An order by its id: from Redis, else from Postgres.")
            .WithIdExample(OrderExamples.OrderId)
            .WithQuery(MinVersion.Parameter, JsonSchemaType.Integer, "Answer with this version or a later one, else 503: to read one's own write.", "2")
            .WithHeader("Prefer", $"wait=S: wait up to S seconds, at most {PreferWait.MaxSeconds}, until {MinVersion.Parameter} is visible.", "wait=5")
            .WithHeader("If-None-Match", "The ETag of an earlier answer: 304 while the order has not changed.", "\"2\"")
            .WithAnswer(OrderExamples.Order)
            .WithAnswer(StatusCodes.Status304NotModified, "It has not changed since the answer of If-None-Match.")
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
}
