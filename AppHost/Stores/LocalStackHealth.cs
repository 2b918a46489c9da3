using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.AppHost.Stores;

/// <summary>
/// Whether LocalStack's DynamoDB runs, by its <c>/_localstack/health</c>:
/// <c>{"services": {"dynamodb": "running", …}}</c>. That page answers 200 before any service has started,
/// and calls one that cannot be used <c>disabled</c> or <c>error</c>.
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

    /// <summary>What is missing; null when everything is there.</summary>
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
