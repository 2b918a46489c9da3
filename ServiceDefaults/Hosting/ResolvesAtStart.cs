using Microsoft.Extensions.DependencyInjection;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>Creates a singleton before the start, so that a wrong setting of it is told then and not by the first request.</summary>
/// <typeparam name="T">The singleton.</typeparam>
/// <param name="services">Where it is registered.</param>
public sealed class ResolvesAtStart<T>(IServiceProvider services) : IStartCheck
    where T : notnull
{
    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<T>();
        return Task.CompletedTask;
    }
}
