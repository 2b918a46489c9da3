using Orders.Api.OpenApi;
using Orders.Api.Place;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Api.Batch;

internal static class BatchDescription
{
    public static RouteHandlerBuilder DescribeBatch(this RouteHandlerBuilder endpoint) => endpoint
        .WithName("PlaceOrders")
        .WithSummary("Places up to 1000 orders")
        .WithDescription(
            "One order a line, or a JSON array of orders. The answer has a line for each, in the same order; one bad order does not fail the others. A line has " +
            "the status that the order would have got had it come alone, and either the order or the errors. With an Idempotency-Key each order has the key " +
            "<key>#<index>: the batch may be repeated safely, and so may a single order of it, alone and with that key, if the batch's " +
            "key has at most 251 characters. A line that repeats an earlier answer has \"replayed\": true. " +
            "A line with 503 says whether its order is not stored, or may be, and how to find out.")
        .WithHeader(IdempotencyKey.Header, $"Names this batch so that it can be repeated; {IdempotencyKey.Rule}.", "8e03978e-40d5-43dd-bc93-6894a57f9324")
        .WithBody(BatchEndpoint.Lines, OrderSchema.Order, WriteExamples.OrderLines)
        .WithBody("application/json", OrderSchema.Orders, WriteExamples.Orders)
        .WithAnswer<BatchAnswer>(StatusCodes.Status200OK, BatchEndpoint.Lines, "A line for each order.", WriteExamples.AnswerLines)
        .WithProblem(StatusCodes.Status400BadRequest, "No order or more than 1000, an array that is not JSON, or a bad header. Nothing is placed.", errors: WriteExamples.Errors)
        .WithProblem(StatusCodes.Status413PayloadTooLarge, "The body is over 1 MiB. Nothing is placed.")
        .WithProblem(StatusCodes.Status415UnsupportedMediaType, "The body is said to be neither NDJSON nor JSON, or is in a charset or Content-Encoding that is not known; then Accept-Encoding has those that are.")
        .WithProblem(StatusCodes.Status503ServiceUnavailable, "Too many requests are waiting for the order store. Nothing is placed; see Retry-After.");
}

/// <summary>A line of the response, for OpenAPI. <see cref="LineAnswer"/> writes it.</summary>
/// <param name="Index">The order's index in the batch, from 0.</param>
/// <param name="Status">201, 400, 403, 409, 422 or 503.</param>
/// <param name="Order">The order, when it is placed.</param>
/// <param name="Replayed">True when an earlier request with the same Idempotency-Key placed it.</param>
/// <param name="Errors">What is wrong with it, by field, when it is not placed.</param>
internal sealed record BatchAnswer(int Index, int Status, OrderAnswer? Order = null, bool? Replayed = null, IReadOnlyDictionary<string, string[]>? Errors = null);
