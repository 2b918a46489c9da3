using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.AppHost.Stores;

/// <summary>
/// Checks whether LocalStack's DynamoDB runs, using <c>/_localstack/health</c>: <c>{"services": {"dynamodb":
/// "running", …}}</c>. That page returns 200 before any service has started; it marks a service that cannot
/// be used as <c>disabled</c> or <c>error</c>.
/// </summary>
internal sealed class LocalStackHealth(EndpointReference address) : IHealthCheck, IDisposable
{
    private static readonly string[] Needed = ["dynamodb", "dynamodbstreams"];
    private static readonly string[] Usable = ["running", "available"];

    private readonly HttpClient _http = new();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!address.IsAllocated)
        {
            return HealthCheckResult.Unhealthy("It has no address yet.");
        }

        try
        {
            var health = await _http.GetFromJsonAsync<JsonElement>(new Uri($"{address.Url}/_localstack/health"), cancellationToken);
            return Find(health) is { } fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }

    /// <summary>What is missing; null for nothing.</summary>
    internal static string? Find(JsonElement health)
    {
        if (health.ValueKind != JsonValueKind.Object || !health.TryGetProperty("services", out var services) || services.ValueKind != JsonValueKind.Object)
        {
            return "Its health page lists no services.";
        }

        foreach (var name in Needed)
        {
            var state = services.TryGetProperty(name, out var value) ? value.ToString() : "missing";
            if (!Usable.Contains(state, StringComparer.Ordinal))
            {
                return $"Its service {name} is {state}.";
            }
        }

        return null;
    }

    public void Dispose() => _http.Dispose();
}
