using Orders.Api.Http;
using Orders.Api.OpenApi;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Api.Delete;

internal static class DeleteDescription
{
    public static RouteHandlerBuilder DescribeDelete(this RouteHandlerBuilder endpoint) => endpoint
        .WithName("DeleteOrder")
        .WithSummary("Deletes an order")
        .WithDescription("At any status. The deletion reaches the read side as any change does.")
        .WithHeader(IfMatch.Header, "The version that must still be there, from an ETag.", "\"1\"")
        .WithAnswer(StatusCodes.Status204NoContent, "This request has deleted the order.")
        .WithProblem(StatusCodes.Status400BadRequest, "If-Match is malformed.", errors: WriteExamples.Errors)
        .WithProblem(StatusCodes.Status404NotFound, "There is no such order, or it is another merchant's.")
        .WithProblem(StatusCodes.Status409Conflict, "What is stored is broken: errors and item say what.")
        .WithProblem(StatusCodes.Status412PreconditionFailed, "The order is at another version than If-Match names, or If-Match has weak tags only.")
        .WithProblem(StatusCodes.Status503ServiceUnavailable, "The order store is busy or away. outcome says whether the order was not deleted (not_carried_out: repeat it) or may have been (unknown: repeat it, 404 then says that it is gone). See Retry-After.");
}
