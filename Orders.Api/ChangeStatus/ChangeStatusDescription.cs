using Orders.Api.Http;
using Orders.Api.OpenApi;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Api.ChangeStatus;

internal static class ChangeStatusDescription
{
    private const string Json = "application/json";

    public static RouteHandlerBuilder DescribeChangeStatus(this RouteHandlerBuilder endpoint) => endpoint
        .WithName("ChangeOrderStatus")
        .WithSummary("Moves an order to its next status")
        .WithDescription(
            "placed → paid → shipped → completed, or cancelled before shipped. Asking for the status that the order has already is answered with the order as it is, " +
            "and writes nothing: a request whose answer was lost may be repeated.")
        .WithHeader(IfMatch.Header, "The version that must still be there, from an ETag.", "\"1\"")
        .WithBody<StatusBody>(Json, WriteExamples.Status)
        .WithAnswer<OrderAnswer>(StatusCodes.Status200OK, Json, "The order with the status that was asked for. ETag has the version that this request wrote, or that it found.", WriteExamples.PaidAnswer)
        .WithProblem(StatusCodes.Status400BadRequest, "Something in the body or a header is wrong; errors names each field.", errors: WriteExamples.Errors)
        .WithProblem(StatusCodes.Status404NotFound, "There is no such order, or it is another merchant's.")
        .WithProblem(StatusCodes.Status409Conflict, "The order cannot take this step: from, to and allowed say which it can. Or what is stored is broken: errors and item say what.")
        .WithProblem(StatusCodes.Status412PreconditionFailed, "The order is at another version than If-Match names, or If-Match has weak tags only.")
        .WithProblem(StatusCodes.Status415UnsupportedMediaType, "The body is not said to be JSON, or is in a charset or Content-Encoding that is not known; then Accept-Encoding has those that are.")
        .WithProblem(StatusCodes.Status503ServiceUnavailable, "The order store is busy or away. outcome says whether the change was not made (not_carried_out: repeat it) or may have been (unknown: GET the order and compare its version and status, or repeat the request without If-Match). See Retry-After.");
}
