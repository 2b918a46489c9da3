using Amazon.CDK;
using Amazon.CDK.AWS.Ecr.Assets;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Constructs;
using Orders.Infra.Settings;
using Orders.Infra.Watch;

namespace Orders.Infra.Collector;

/// <summary>The AWS Distro for OpenTelemetry beside a service's container.</summary>
internal sealed class CollectorSidecar
{
    /// <summary>Where a service finds it: containers of a task share their loopback address.</summary>
    public const string Endpoint = "http://127.0.0.1:4317";

    private const int MemoryMebibytes = 256;

    private readonly OrdersStackSettings _settings;
    private readonly LogGroup _metrics;
    private readonly LogGroup _logs;

    public CollectorSidecar(Construct scope, OrdersStackSettings settings)
    {
        _settings = settings;
        var retention = LogDays.Of(settings.LogDays);
        // Named, so that the metrics' group can be told to the collector and be granted before there is a
        // stream in it.
        _metrics = new LogGroup(scope, "Metrics", new LogGroupProps
        {
            LogGroupName = $"/{settings.Name}/metrics",
            Retention = retention,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        _logs = new LogGroup(scope, "CollectorLogs", new LogGroupProps { Retention = retention, RemovalPolicy = RemovalPolicy.DESTROY });
    }

    /// <summary>The right to hand on metrics and traces.</summary>
    private IEnumerable<PolicyStatement> Rights =>
    [
        // The form in which IAM names the streams of one log group.
        new(new PolicyStatementProps { Actions = ["logs:CreateLogStream", "logs:PutLogEvents"], Resources = [_metrics.LogGroupArn] }),
        // X-Ray knows no resource for these.
        new(new PolicyStatementProps { Actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resources = ["*"] }),
    ];

    public ContainerDefinition Add(TaskDefinition task, string serviceName)
    {
        foreach (var right in Rights)
        {
            task.AddToTaskRolePolicy(right);
        }

        return task.AddContainer("collector", new ContainerDefinitionOptions
        {
            Image = _settings.CollectorImage is { } image
                ? ContainerImage.FromRegistry(image)
                : ContainerImage.FromAsset(Path.Combine(AppContext.BaseDirectory, "Collector"), new AssetImageProps { Platform = Platform_.LINUX_AMD64 }),
            // Orders are taken and projected without it too.
            Essential = false,
            MemoryReservationMiB = MemoryMebibytes,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["METRICS_NAMESPACE"] = MetricNames.Namespace,
                ["METRICS_LOG_GROUP"] = _metrics.LogGroupName,
                ["METRICS_LOG_STREAM"] = serviceName,
            },
            Logging = LogDriver.AwsLogs(new AwsLogDriverProps { LogGroup = _logs, StreamPrefix = serviceName }),
        });
    }
}
