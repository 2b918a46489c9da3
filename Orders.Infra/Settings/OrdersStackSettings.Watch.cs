using System.ComponentModel.DataAnnotations;

namespace Orders.Infra.Settings;

internal sealed partial record OrdersStackSettings
{
    /// <summary><c>logDays</c>: how long logs are kept.</summary>
    public int LogDays { get; init; } = 30;

    /// <summary>
    /// <c>traceRatio</c>: the fraction of requests that is traced, 0 to 1. X-Ray bills by trace.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; init; } = 0.01;

    /// <summary>
    /// <c>collectorImage</c>: an image of the AWS Distro for OpenTelemetry in a registry that the tasks
    /// reach; null to build <c>Collector/Dockerfile</c> when deploying.
    /// </summary>
    public string? CollectorImage { get; init; }

    /// <summary>
    /// <c>alarmEmail</c>: the e-mail address for alarms; null for only the topic's subscribers.
    /// </summary>
    [RegularExpression(@"[^@\s]+@[^@\s]+\.[^@\s]+", ErrorMessage = "an e-mail address")]
    public string? AlarmEmail { get; init; }

    /// <summary>
    /// <c>alarmLagSeconds</c>: the lag of the read model that raises an alarm, in seconds.
    /// </summary>
    [Range(1, 86_400)]
    public int AlarmLagSeconds { get; init; } = 60;
}
