using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary><c>GET /v1/orders</c></summary>
internal static class ListOrders
{
    public static async Task<Results<RenderedPage, ProblemHttpResult>> HandleAsync(HttpContext http, ListStore lists, CursorSeal seal, ReadModelAnswers readModel)
    {
        var request = ListRequest.Read(http.Request.Query, http.GetCaller(), seal, out var errors);
        if (!errors.None)
            return errors.Answer();
        try
        {
            return new RenderedPage(await lists.ReadAsync(request, seal, http.RequestAborted));
        }
        catch (Exception failure) when (readModel.Explains(failure, out var answer))
        {
            return answer;
        }
    }
}
