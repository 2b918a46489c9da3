using Amazon.CDK;
using Amazon.CDK.AWS.Ecr.Assets;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Constructs;
using Orders.Infra.Settings;
using Orders.Infra.Watch;

namespace Orders.Infra.Collector;

/// <summary>The AWS Distro for OpenTelemetry as a sidecar of a service's container.</summary>
internal sealed class CollectorSidecar
{
    /// <summary>Its address for the service: containers of a task share the loopback address.</summary>
    public const string Endpoint = "http://127.0.0.1:4317";

    private const int MemoryMebibytes = 256;

    private readonly OrdersStackSettings _settings;
    private readonly LogGroup _metrics;
    private readonly LogGroup _logs;

    public CollectorSidecar(Construct scope, OrdersStackSettings settings)
    {
        _settings = settings;
        var retention = LogDays.Of(settings.LogDays);
        // Named, so that the collector can be configured with the log group of the metrics, and be granted
        // access to it, before it has a stream.
        _metrics = new LogGroup(scope, "Metrics", new LogGroupProps
        {
            LogGroupName = $"/{settings.Name}/metrics",
            Retention = retention,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        _logs = new LogGroup(scope, "CollectorLogs", new LogGroupProps { Retention = retention, RemovalPolicy = RemovalPolicy.DESTROY });
    }

    /// <summary>The permission to send metrics and traces.</summary>
    private IEnumerable<PolicyStatement> Rights =>
    [
        // The ARN format of the streams of one log group in IAM.
        new(new PolicyStatementProps { Actions = ["logs:CreateLogStream", "logs:PutLogEvents"], Resources = [_metrics.LogGroupArn] }),
        // X-Ray has no resources for these actions.
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
            // Not essential: the services work without it.
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
