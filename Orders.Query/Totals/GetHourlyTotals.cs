using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Totals;

/// <summary><c>GET /v1/totals/hourly</c></summary>
internal static class GetHourlyTotals
{
    public static async Task<Results<Ok<HourlyTotals>, ProblemHttpResult>> HandleAsync(HttpContext http, TotalsStore totals, TimeProvider time)
    {
        var request = TotalsRequest.Read(http.Request.Query, time.GetUtcNow(), out var errors);
        if (!errors.None)
        {
            return errors.Answer();
        }

        Turn.Begin(http.GetCaller(), request.Hours);
        var answer = await totals.ReadAsync(request, VisibleMerchants.Of(request.MerchantId, http.GetCaller()), http.RequestAborted);
        ReadHeaders.Write(http.Response, ServedBy.Postgres);
        return TypedResults.Ok(answer);
    }
}
