using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary><c>GET /v1/orders/{id}</c></summary>
internal static class GetOrder
{
    private const int IdLength = 36;

    public static async Task<Results<RenderedOrder, ProblemHttpResult>> HandleAsync(
        string id, HttpContext http, OrderReader orders, ReadModelAnswers readModel)
    {
        // A text that is no id is the id of no order. The length, because the parser passes over spaces.
        if (id.Length != IdLength || !Guid.TryParseExact(id, "D", out var orderId))
            return NotFound();
        try
        {
            return await orders.FindAsync(orderId, http.RequestAborted) is { Body: { } body } found && found.IsVisibleTo(http.GetCaller())
                ? new RenderedOrder(found.Version, body, found.ServedBy)
                : NotFound();
        }
        catch (Exception failure) when (readModel.Explains(failure, out var answer))
        {
            return answer;
        }
    }

    private static ProblemHttpResult NotFound() => Problems.NotFound("There is no such order.");
}
