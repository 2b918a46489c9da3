using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Http;
using Orders.Api.Store;
using Orders.Domain;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.Delete;

/// <summary><c>DELETE /v1/orders/{id}</c>.</summary>
internal static class DeleteEndpoint
{
    private const int Tries = 5;

    public static void MapDelete(this RouteGroupBuilder orders) => orders.MapDelete("/{id}", DeleteAsync).DescribeDelete();

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, HttpContext http, OrderFinder finder, OrderDeleter deleter, StoreGate gate, TimeProvider time)
    {
        if (!IfMatch.TryRead(http.Request.Headers, out var ifMatch))
        {
            return OrderProblems.InvalidHeader(IfMatch.Header, IfMatch.Rule);
        }

        // A malformed id is a 404 with our problem body; a route constraint would send another one.
        if (!OrderIds.TryRead(id, out var orderId))
        {
            return OrderProblems.NotFound();
        }

        var caller = http.GetCaller();
        using var pass = gate.Enter(http);
        if (ifMatch.IsAny && OrderDeleter.CanNameMerchants(caller))
        {
            return await deleter.TryDeleteAsync(orderId, caller, pass.Token) ? TypedResults.NoContent() : OrderProblems.NotFound();
        }

        for (var tries = 1; tries <= Tries; tries++)
        {
            var stored = await finder.FindAsync(orderId, pass.Token);
            if (stored is not { Order: var order } || !caller.MayUse(order.MerchantId))
            {
                return OrderProblems.NotFound();
            }

            if (!ifMatch.Allows(order.Version))
            {
                return OrderProblems.Stale(order.Version, ifMatch);
            }

            if (await deleter.TryDeleteAsync(order, pass.Token))
            {
                return TypedResults.NoContent();
            }

            await Backoff.WaitAsync(tries, time, pass.Token);
        }

        throw new StoreException($"the order was changed by others {Tries} times while this request tried to delete it", mayBeCarriedOut: false);
    }
}
