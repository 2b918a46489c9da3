using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// <c>/v1/operations/dead-letters</c>. A key sees, redrives and discards the letters of its own merchants.
/// Letters of an unknown merchant need a key for all merchants, and so does the redrive of an item that has
/// such letters, or another merchant's.
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
            .WithSummary("Tries dead letters again, each item's in order: all, one's item, an order's or a merchant's. Stopped, it keeps what is done.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        letters.MapDelete("", DiscardAsync)
            .WithName("DiscardDeadLetters")
            .WithSummary("Gives dead letters up: one, or all of an order. Those that wait behind them stay until a redrive.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<DeadLetterPage>, ProblemHttpResult>> ListAsync(
        HttpContext http, DeadLetterList letters, string? order_id = null, string? merchant_id = null, long after = 0, int limit = DefaultPage) =>
        limit is < 1 or > DeadLetterList.LargestPage
            ? Invalid("limit", $"must be from 1 to {DeadLetterList.LargestPage}")
            : TypedResults.Ok(For(http.GetCaller(), await letters.ReadAsync(FilterOf(http, id: null, order_id, merchant_id), after, limit, http.RequestAborted)));

    private static async Task<Results<Ok<RedriveResult>, ProblemHttpResult>> RedriveAsync(
        HttpContext http, DeadLetterRedrive redrive, long? id = null, string? order_id = null, string? merchant_id = null)
    {
        var result = await redrive.RunAsync(FilterOf(http, id, order_id, merchant_id), progress: null, http.RequestAborted);
        return (id is not null || order_id is not null) && result is { Applied: 0, Failed: 0, Remaining: 0 } ? NoSuchLetter() : TypedResults.Ok(result);
    }

    private static async Task<Results<Ok<DiscardResult>, ProblemHttpResult>> DiscardAsync(
        HttpContext http, DeadLetterDiscard discard, long? id = null, string? order_id = null)
    {
        if (id is null == order_id is null)
        {
            return Problems.BadRequest("Name either id or order_id: what is discarded is gone for good.");
        }

        var result = await discard.RunAsync(FilterOf(http, id, order_id, merchantId: null), http.RequestAborted);
        return result.Discarded == 0 ? NoSuchLetter() : TypedResults.Ok(result);
    }

    private static ProblemHttpResult NoSuchLetter() => Problems.NotFound("There is no such dead letter.");

    // Positions in the stream count the changes of all merchants.
    private static DeadLetterPage For(Caller caller, DeadLetterPage page) => caller.AllMerchants
        ? page
        : page with { DeadLetters = [.. page.DeadLetters.Select(letter => letter with { ShardId = null, SequenceNumber = null })] };

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

    private static DeadLetterFilter FilterOf(HttpContext http, long? id, string? orderId, string? merchantId)
    {
        var caller = http.GetCaller();
        return new(id, orderId, MerchantsOf(http, merchantId)) { Owners = caller.AllMerchants ? null : caller.Merchants };
    }

    /// <summary>The merchants asked for, of those that the caller may use; null for all there are.</summary>
    private static IReadOnlyCollection<string>? MerchantsOf(HttpContext http, string? merchantId)
    {
        var caller = http.GetCaller();
        return merchantId is null ? (caller.AllMerchants ? null : caller.Merchants) : caller.MayUse(merchantId) ? [merchantId] : [];
    }
}
