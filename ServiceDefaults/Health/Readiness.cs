using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Health;

/// <summary>
/// The state of every check tagged <see cref="HealthTags.Ready"/>, run at most once a second. The endpoint
/// is public, and frequent calls must not cause as many calls to the stores (DescribeTable is a
/// control-plane call with a small quota).
/// </summary>
internal sealed class Readiness(HealthCheckService checks, IHostApplicationLifetime lifetime, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    // Told at once, and whatever the stores say: whoever sends requests here must turn away.
    private static readonly HealthReport Stopping = new(
        new Dictionary<string, HealthReportEntry>(StringComparer.Ordinal) { ["process"] = new(HealthStatus.Unhealthy, "stopping", TimeSpan.Zero, exception: null, data: null) }, TimeSpan.Zero);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private HealthReport? _report;
    private long _readAt;

    public async Task<HealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Stopping;
        }

        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_report is null || time.GetElapsedTime(_readAt) >= MaxAge)
            {
                _report = await checks.CheckHealthAsync(check => check.Tags.Contains(HealthTags.Ready), cancellationToken);
                _readAt = time.GetTimestamp();
            }
            return _report;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}
