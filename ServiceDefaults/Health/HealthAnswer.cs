using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.ServiceDefaults.Health;

/// <summary>
/// The response of the health endpoints. It has only states and descriptions written for readers, never an
/// exception, since the endpoints are public.
/// </summary>
internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, HealthAnswer.Check> Checks)
{
    internal sealed record Check(string Status, string? Description);

    public static JsonHttpResult<HealthAnswer> Live() =>
        TypedResults.Json(new HealthAnswer(Name(HealthStatus.Healthy), new Dictionary<string, Check>()));

    public static JsonHttpResult<HealthAnswer> Of(HealthReport report) =>
        TypedResults.Json(
            new HealthAnswer(
                Name(report.Status),
                report.Entries.ToDictionary(entry => entry.Key, entry => new Check(Name(entry.Value.Status), Describe(entry.Value)))),
            statusCode: report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

    // The platform puts the message of an unhandled exception in the description. It cancels a check that
    // takes too long.
    private static string? Describe(HealthReportEntry entry) =>
        entry.Exception is null ? entry.Description : entry.Exception is OperationCanceledException ? "does not answer" : "failed";

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
