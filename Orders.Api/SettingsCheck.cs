using Orders.Api.Cors;
using Orders.ServiceDefaults;

namespace Orders.Api;

/// <summary>Asks for the settings at the start, so that a wrong one is told then and not by the first request.</summary>
internal sealed class SettingsCheck(ApiSettings settings, AllowedOrigins origins) : IStartCheck
{
    public Task CheckAsync(CancellationToken cancellationToken) => Task.FromResult((settings, origins));
}
