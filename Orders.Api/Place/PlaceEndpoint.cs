using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Body;
using Orders.Api.Http;
using Orders.Api.Store;
using Orders.Domain;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.Place;

/// <summary><c>POST /v1/orders</c>.</summary>
internal static class PlaceEndpoint
{
    public static void MapPlace(this RouteGroupBuilder orders) => orders.MapPost("/", PlaceAsync).DescribePlace();

    private static async Task<Results<OrderResult, ProblemHttpResult>> PlaceAsync(
        HttpContext http, OrderWriter writer, IdempotentOrderWriter idempotentWriter, StoreGate gate, TimeProvider time)
    {
        if (!http.Request.HasJsonContentType())
        {
            return OrderProblems.WrongMediaType("application/json");
        }

        if (!IdempotencyKey.TryRead(http.Request.Headers, out var key))
        {
            return OrderProblems.InvalidHeader(IdempotencyKey.Header, IdempotencyKey.Rule);
        }

        var body = await RequestBody.ParseAsync(http.Request, OrderRequestReader.Read);
        if (!body.TryGet(out var request, out var errors))
        {
            return OrderProblems.Invalid(errors);
        }

        if (!http.GetCaller().MayUse(request.MerchantId))
        {
            return OrderProblems.OtherMerchant();
        }

        var now = time.GetUtcNow();
        var order = request.Place(Guid.CreateVersion7(now), now, TraceContext.Current);
        var answer = OrderAnswer.Render(order);
        using var pass = gate.Enter(http);
        if (key is not null)
        {
            return Answer(await idempotentWriter.PlaceAsync(order, key, RequestHash.Of(request), answer, pass.Token), order, answer);
        }

        await writer.PutAsync(order, pass.Token);
        return OrderResult.Placed(order.OrderId, answer);
    }

    private static Results<OrderResult, ProblemHttpResult> Answer(Placement placement, Order order, byte[] answer) => placement switch
    {
        Placement.Replayed first => OrderResult.Placed(first.OrderId, first.Answer, replayed: true),
        Placement.KeyReused => Problems.Unprocessable($"This {IdempotencyKey.Header} came with another order before. Use a new key for a new order."),
        _ => OrderResult.Placed(order.OrderId, answer),
    };
}
