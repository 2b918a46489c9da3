using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// <c>/v1/operations/dead-letters</c>. A key sees, redrives and discards the letters of its own merchants.
/// Letters of an unknown merchant need a key for all merchants.
/// </summary>
internal static class DeadLettersApi
{
    private const int DefaultPage = 100;

    public static void MapDeadLetters(this RouteGroupBuilder operations)
    {
        var letters = operations.MapGroup("/dead-letters")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddEndpointFilter(async (context, next) => await ProblemOfAsync(context.HttpContext) is { } problem ? problem : await next(context));
        letters.MapGet("", ListAsync)
            .WithName("ListDeadLetters")
            .WithSummary("Records that could not be applied, and those that wait behind them, oldest first.");
        letters.MapPost("/redrive", RedriveAsync)
            .WithName("RedriveDeadLetters")
            .WithSummary("Tries dead letters again, each item's in order: all, one's item, an order's or a merchant's. Stopped, it keeps what is done.");
        letters.MapDelete("", DiscardAsync)
            .WithName("DiscardDeadLetters")
            .WithSummary("Gives dead letters up: one, or all of an order. Those that wait behind them stay until a redrive.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<DeadLetterPage>, ProblemHttpResult>> ListAsync(
        HttpContext http, DeadLetterList letters, string? order_id = null, string? merchant_id = null, long after = 0, int limit = DefaultPage) =>
        limit is < 1 or > DeadLetterList.LargestPage
            ? Invalid("limit", $"must be from 1 to {DeadLetterList.LargestPage}")
            : TypedResults.Ok(await letters.ReadAsync(new(null, order_id, MerchantsOf(http, merchant_id)), after, limit, http.RequestAborted));

    private static async Task<Ok<RedriveResult>> RedriveAsync(
        HttpContext http, DeadLetterRedrive redrive, long? id = null, string? order_id = null, string? merchant_id = null) =>
        TypedResults.Ok(await redrive.RunAsync(new(id, order_id, MerchantsOf(http, merchant_id)), progress: null, http.RequestAborted));

    private static async Task<Results<Ok<DiscardResult>, ProblemHttpResult>> DiscardAsync(
        HttpContext http, DeadLetterDiscard discard, long? id = null, string? order_id = null)
    {
        if (id is null == order_id is null)
        {
            return Problems.BadRequest("Name either id or order_id: what is discarded is gone for good.");
        }

        var result = await discard.RunAsync(new(id, order_id, MerchantsOf(http, merchantId: null)), http.RequestAborted);
        return result.Discarded == 0 ? Problems.NotFound("There is no such dead letter.") : TypedResults.Ok(result);
    }

    /// <summary>The problem with the parameters that all operations here share; null for none.</summary>
    private static async Task<ProblemHttpResult?> ProblemOfAsync(HttpContext http)
    {
        if (http.Request.Query.TryGetValue("merchant_id", out var merchantId) && $"{merchantId}".Contains('\0', StringComparison.Ordinal))
        {
            return Invalid("merchant_id", "must not hold a NUL character.");
        }

        if (!http.Request.Query.TryGetValue("order_id", out var orderId) || OrderIdCheck.IsOrderId($"{orderId}"))
        {
            return null;
        }

        var wayOut = await http.RequestServices.GetRequiredService<OrderIdCheck>().WayOutAsync($"{orderId}", MerchantsOf(http, merchantId: null), "id", http.RequestAborted);
        return Invalid("order_id", $"is not a UUID. {wayOut}");
    }

    private static ProblemHttpResult Invalid(string field, string problem) => Problems.Validation(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [problem] });

    /// <summary>The merchants asked for, of those that the caller may use; null for all there are.</summary>
    private static IReadOnlyCollection<string>? MerchantsOf(HttpContext http, string? merchantId)
    {
        var caller = http.GetCaller();
        return merchantId is null ? (caller.AllMerchants ? null : caller.Merchants) : caller.MayUse(merchantId) ? [merchantId] : [];
    }
}
