using Orders.Api.Http;
using Orders.ServiceDefaults;

namespace Orders.Api.Store;

/// <summary>Answers 503 with Retry-After when DynamoDB is away or busy, 400 when it refuses the request, and 409 when what it holds is broken.</summary>
internal sealed partial class UnavailableFilter(ILogger<UnavailableFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (BrokenItemException broken)
        {
            LogBroken(logger, broken.Message);
            return OrderProblems.Broken(broken, http.GetCaller());
        }
        catch (StoreException failure)
        {
            // The client has disconnected.
            http.RequestAborted.ThrowIfCancellationRequested();
            LogUnavailable(logger, failure.Message, failure.MayBeCarriedOut, failure);
            return failure.MayBeCarriedOut ? UnknownOutcome.Of(http.Request, failure.OrderId) : UnknownOutcome.NotCarriedOut();
        }
        catch (Exception refused) when (StoreFaults.IsRefusal(refused))
        {
            LogRefused(logger, refused);
            return OrderProblems.Refused(refused.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB is busy or away: {Reason}. The request may be carried out: {MayBeCarriedOut}")]
    private static partial void LogUnavailable(ILogger logger, string reason, bool mayBeCarriedOut, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request meets what is broken in the table: {Reason}")]
    private static partial void LogBroken(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB refuses a request")]
    private static partial void LogRefused(ILogger logger, Exception refused);
}
