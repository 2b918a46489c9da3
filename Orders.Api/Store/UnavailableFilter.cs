using Orders.Api.Http;

namespace Orders.Api.Store;

/// <summary>Answers 503 with Retry-After when DynamoDB is away or busy.</summary>
internal sealed partial class UnavailableFilter(ILogger<UnavailableFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception failure) when (StoreFaults.IsUnavailable(failure) && !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            LogUnavailable(logger, failure.GetType().Name, failure.Message);
            return OrderProblems.StoreUnavailable();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB is busy or away: {Failure}: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string failure, string reason);
}
