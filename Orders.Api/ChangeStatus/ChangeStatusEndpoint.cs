using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Body;
using Orders.Api.Http;
using Orders.Api.Store;
using Orders.Domain;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.ChangeStatus;

/// <summary><c>PATCH /v1/orders/{id}</c>.</summary>
internal static class ChangeStatusEndpoint
{
    // Each lost race (optimistic concurrency) means that another request changed the order. An order has at
    // most four status changes.
    private const int Tries = 5;

    public static void MapChangeStatus(this RouteGroupBuilder orders) => orders.MapPatch("/{id}", ChangeStatusAsync).DescribeChangeStatus();

    private static async Task<Results<OrderResult, ProblemHttpResult>> ChangeStatusAsync(
        string id, HttpContext http, OrderFinder finder, StatusWriter writer, StoreGate gate, TimeProvider time)
    {
        if (!http.Request.HasJsonContentType())
        {
            return OrderProblems.WrongMediaType("application/json");
        }

        if (!IfMatch.TryRead(http.Request.Headers, out var ifMatch))
        {
            return OrderProblems.InvalidHeader(IfMatch.Header, IfMatch.Rule);
        }

        var body = await RequestBody.ParseAsync(http.Request, StatusRequestReader.Read);
        if (!body.TryGet(out var request, out var errors))
        {
            return OrderProblems.Invalid(errors);
        }

        // A malformed id is a 404 with our problem body; a route constraint would send another one.
        if (!OrderIds.TryRead(id, out var orderId))
        {
            return OrderProblems.NotFound();
        }

        using var pass = gate.Enter(http);
        for (var tries = 1; tries <= Tries; tries++)
        {
            var stored = await finder.FindAsync(orderId, pass.Token);
            if (stored is not { Order: var order } || !http.GetCaller().MayUse(order.MerchantId))
            {
                return OrderProblems.NotFound();
            }

            if (!ifMatch.Allows(order.Version))
            {
                return OrderProblems.Stale(order.Version, ifMatch);
            }

            // Idempotent: the order has this status already, probably because the client repeats a request.
            // Nothing is written, and the version stays.
            if (order.Status == request.Status)
            {
                return OrderResult.Current(order);
            }

            if (!order.Status.MayBecome(request.Status))
            {
                return ForbiddenStep(order.Status, request.Status);
            }

            if (!order.HasNext())
            {
                return OrderProblems.LastVersion(order.Version);
            }

            var changed = order.To(request.Status, time.GetUtcNow(), TraceContext.Current);
            if (await writer.TryWriteAsync(stored, changed, pass.Token))
            {
                return OrderResult.Current(changed);
            }

            await Backoff.WaitAsync(tries, time, pass.Token);
        }

        throw new StoreException($"the order was changed by others {Tries} times while this request tried to", mayBeCarriedOut: false);
    }

    private static ProblemHttpResult ForbiddenStep(OrderStatus from, OrderStatus to)
    {
        string[] allowed = [.. from.Next().Select(next => next.Name())];
        var next = allowed is [] ? "That is the end of it." : $"It may become {string.Join(" or ", allowed)}.";
        return TypedResults.Problem(
            $"The order is {from.Name()} and cannot become {to.Name()}. {next}",
            statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["from"] = from.Name(), ["to"] = to.Name(), ["allowed"] = allowed });
    }
}
