using Orders.Api.OpenApi;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Api.Place;

internal static class PlaceDescription
{
    private const string Json = "application/json";

    public static RouteHandlerBuilder DescribePlace(this RouteHandlerBuilder endpoint) => endpoint
        .WithName("PlaceOrder")
        .WithSummary("Places an order")
        .WithDescription(
            "By its amount, by its items, or by both when they agree. With an Idempotency-Key the request may be repeated safely: the same key and body " +
            "give the first answer again, with Idempotent-Replayed: true.")
        .WithHeader(IdempotencyKey.Header, $"Names this request so that it can be repeated; {IdempotencyKey.Rule}. Remembered for each merchant for the time that Orders__Idempotency__Hours says, 24 hours unless it is set.", "8e03978e-40d5-43dd-bc93-6894a57f9324")
        .WithBody(Json, OrderSchema.Order, WriteExamples.Order)
        .WithAnswer<OrderAnswer>(StatusCodes.Status201Created, Json, "The order is placed. Location has its address, ETag its version.", WriteExamples.Answer)
        .WithProblem(StatusCodes.Status400BadRequest, "Something in the body or a header is wrong; errors names each field.", errors: WriteExamples.Errors)
        .WithProblem(StatusCodes.Status403Forbidden, "The key lacks the scope, or may not act for this merchant.")
        .WithProblem(StatusCodes.Status409Conflict, "The item of the Idempotency-Key is broken: errors and item say what.")
        .WithProblem(StatusCodes.Status413PayloadTooLarge, "The body is over 1 MiB.")
        .WithProblem(StatusCodes.Status415UnsupportedMediaType, "The body is not said to be JSON, or is in a charset or Content-Encoding that is not known; then Accept-Encoding has those that are.")
        .WithProblem(StatusCodes.Status422UnprocessableEntity, "The Idempotency-Key came with another order before.")
        .WithProblem(StatusCodes.Status503ServiceUnavailable, "The order store is busy or away. outcome says whether the order was not placed (not_carried_out: repeat it) or may have been (unknown: with an Idempotency-Key repeat it, without one GET the order of order_id). See Retry-After.");
}
