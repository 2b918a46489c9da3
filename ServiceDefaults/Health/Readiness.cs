using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.ServiceDefaults.Health;

/// <summary>
/// The state of every check tagged <see cref="HealthTags.Ready"/>, asked at most once a second: the endpoint
/// is open to everybody, and whoever calls it often must not make the service ask its stores as often
/// (DescribeTable is a control-plane call with a small quota of its own).
/// </summary>
internal sealed class Readiness(HealthCheckService checks, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private HealthReport? _report;
    private long _readAt;

    public async Task<HealthReport> ReadAsync(CancellationToken cancellationToken)
    {
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
