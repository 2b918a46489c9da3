using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary>Reads the settings before the start, so that a wrong one is told then and not by the first request.</summary>
internal sealed class QuerySettingsCheck(IServiceProvider services) : IStartCheck
{
    public Task CheckAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<QuerySettings>();
        services.GetRequiredService<ConsoleSettings>();
        return Task.CompletedTask;
    }
}
