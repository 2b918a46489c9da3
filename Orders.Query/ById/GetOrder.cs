using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Domain;
using Orders.Query.Http;
using Orders.Query.Rows;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.ById;

/// <summary>
/// <c>GET /v1/orders/{id}</c>, with <c>?min_version=N</c> and <c>Prefer: wait=S</c> to read one's own
/// writes.
/// </summary>
internal static class GetOrder
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly string[] Parameters = [MinVersion.Parameter];

    public static async Task<Results<RenderedOrder, ProblemHttpResult>> HandleAsync(
        string id, HttpContext http, OrderReader orders, VersionReader versions, IStoreFailures readModel)
    {
        long? minVersion = null;
        if (http.Request.QueryString.HasValue)
        {
            var errors = new QueryErrors(http.Request.Query, Parameters);
            minVersion = MinVersion.Read(errors);
            if (!errors.None)
            {
                return errors.Answer();
            }
        }

        // A malformed id is answered like the id of an unknown order.
        if (!OrderIds.TryRead(id, out var orderId))
        {
            return NotFound();
        }

        try
        {
            if (minVersion is { } version)
            {
                return await FindAsync(orderId, version, http, versions);
            }

            return await orders.FindAsync(orderId, http.GetCaller(), http.RequestAborted) is { } found ? Answer(found) : NotFound();
        }
        catch (SpoiltRowsException spoilt)
        {
            return http.GetCaller().MayUse(spoilt.MerchantId) ? Problems.Conflict(spoilt.Message) : NotFound();
        }
        catch (Exception failure) when (readModel.Answer(failure, http) is { } answer)
        {
            return answer;
        }
    }

    private static async Task<Results<RenderedOrder, ProblemHttpResult>> FindAsync(Guid orderId, long minVersion, HttpContext http, VersionReader versions)
    {
        var wait = PreferWait.Read(http.Request.Headers["Prefer"]);
        if (wait is not null)
        {
            http.Response.Headers["Preference-Applied"] = $"wait={wait}";
        }

        var answer = await versions.FindAsync(orderId, minVersion, http.GetCaller(), TimeSpan.FromSeconds(wait ?? 0), http.RequestAborted);
        if (answer.Found is { } found)
        {
            return Answer(found);
        }
        // The same response for an order that does not exist (yet) and for an order of another merchant.
        return Problems.Unavailable(
            answer.TurnedAway ? "Too many requests are waiting for a version already." : $"Version {minVersion} of this order is not visible yet.", RetryAfter);
    }

    private static Results<RenderedOrder, ProblemHttpResult> Answer(FoundOrder found) =>
        found.Body is { } body ? new RenderedOrder(found.Version, body, found.ServedBy) : NotFound();

    private static ProblemHttpResult NotFound() => Problems.NotFound("There is no such order.");
}
