using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// An endpoint filter that answers failures of the store, mostly with 503 and <c>Retry-After</c>. All other
/// exceptions are rethrown.
/// </summary>
/// <param name="failures">The mapping of the service's store.</param>
public sealed class StoreFailureFilter(IStoreFailures failures) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            return await next(context);
        }
        catch (Exception failure)
        {
            if ((failures.Answer(failure, context.HttpContext) ?? (failure as BusyException)?.Answer()) is { } answer)
            {
                return answer;
            }

            throw;
        }
    }
}
