using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Http;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.Store;

/// <summary>
/// Answers 503 with Retry-After when DynamoDB is unavailable or busy, 400 when it rejects the request, and
/// 409 for an invalid item.
/// </summary>
internal sealed partial class StoreAnswers(ILogger<StoreAnswers> logger) : IStoreFailures
{
    public ProblemHttpResult? Answer(Exception failure, HttpContext http)
    {
        switch (failure)
        {
            case BusyException busy:
                return UnknownOutcome.NotCarriedOut(busy);
            case BrokenItemException broken:
                LogBroken(logger, broken.Message);
                return OrderProblems.Broken(broken, http.GetCaller());
            case StoreException away:
                // The client has disconnected.
                http.RequestAborted.ThrowIfCancellationRequested();
                LogUnavailable(logger, away.Message, away.MayBeCarriedOut, away);
                return away.MayBeCarriedOut ? UnknownOutcome.Of(http.Request, away.OrderId) : UnknownOutcome.NotCarriedOut();
            case StoreAwayException:
                return UnknownOutcome.NotCarriedOut();
            case var refused when StoreFaults.IsRefusal(refused):
                LogRefused(logger, refused);
                return OrderProblems.Refused(refused.Message);
            default:
                return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB is busy or away: {Reason}. The request may be carried out: {MayBeCarriedOut}")]
    private static partial void LogUnavailable(ILogger logger, string reason, bool mayBeCarriedOut, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request meets what is broken in the table: {Reason}")]
    private static partial void LogBroken(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB refuses a request")]
    private static partial void LogRefused(ILogger logger, Exception refused);
}
