using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// Answers for a store that fails, around endpoints that need it: mostly with 503 and <c>Retry-After</c>.
/// All other failures go on.
/// </summary>
/// <param name="failures">The service's own list of its store's failures.</param>
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
            if (failures.Answer(failure, context.HttpContext) is { } answer)
            {
                return answer;
            }

            throw;
        }
    }
}
