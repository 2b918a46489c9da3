using Amazon.CDK;
using Amazon.CDK.AWS.ApplicationAutoScaling;
using Amazon.CDK.AWS.CertificateManager;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ECS.Patterns;
using Amazon.CDK.AWS.ElasticLoadBalancingV2;
using Amazon.CDK.AWS.Route53;
using Orders.Infra;
using Orders.Infra.Services;
using HealthCheck = Amazon.CDK.AWS.ElasticLoadBalancingV2.HealthCheck;

namespace Orders.AppHost.Aws;

/// <summary>A service behind an HTTPS load balancer of its own, with as many tasks as its work asks for.</summary>
/// <param name="Name">Its name in the template, for example <c>Api</c>.</param>
/// <param name="Domain">Its name in Route 53; null for that of its load balancer.</param>
/// <param name="Settings">Those of the deployment.</param>
/// <param name="Of">Finds what the stack gives it.</param>
/// <param name="Also">What it is told besides.</param>
internal sealed record BalancedService(string Name, string? Domain, AwsSettings Settings, Func<AwsStack, OrdersService> Of, params IReadOnlyList<(string Setting, string Value)> Also)
{
    private const int Https = 443;
    private const double CpuTarget = 60;
    private const int MostTasksFactor = 5;

    /// <summary>Fills in its container.</summary>
    public void Fill(AwsStack stack, ApplicationLoadBalancedTaskImageOptions image)
    {
        var service = Of(stack);
        foreach (var (setting, value) in Also)
            service.Environment[setting] = value;
        image.ContainerName = service.Name;
        image.ContainerPort = OrdersStack.ContainerPort;
        image.Environment = service.Environment;
        image.Secrets = service.Secrets;
        image.LogDriver = LogDriver.AwsLogs(new AwsLogDriverProps { LogGroup = stack.ServiceLogs(Name), StreamPrefix = service.Name });
    }

    /// <summary>Fills in its tasks and its load balancer.</summary>
    public void Fill(AwsStack stack, ApplicationLoadBalancedFargateServiceProps props)
    {
        props.Cpu = Settings.Stack.TaskCpu;
        props.MemoryLimitMiB = Settings.Stack.TaskMemory;
        props.DesiredCount = Settings.Stack.Tasks;
        props.MaxHealthyPercent = 200;
        props.CircuitBreaker = new DeploymentCircuitBreaker { Rollback = true };
        props.SecurityGroups = [Of(stack).SecurityGroup];
        props.TaskSubnets = stack.ServiceSubnets;
        props.Certificate = Certificate.FromCertificateArn(stack, $"{Name}Certificate", Settings.Stack.CertificateArn!);
        props.Protocol = ApplicationProtocol.HTTPS;
        props.ListenerPort = Https;
        props.SslPolicy = SslPolicy.TLS13_RES;
        props.RedirectHTTP = true;
        if (Settings.Domain is { } zone)
        {
            props.DomainName = Domain;
            props.DomainZone = HostedZone.FromHostedZoneAttributes(stack, $"{Name}Zone", new HostedZoneAttributes { HostedZoneId = zone.ZoneId, ZoneName = zone.ZoneName });
        }
    }

    /// <summary>Gives it its rights, its health check, its scaling and its alarms.</summary>
    public void Finish(AwsStack stack, ApplicationLoadBalancedFargateService balanced)
    {
        Of(stack).Complete(balanced.TaskDefinition, balanced.Service);
        balanced.LoadBalancer.SetAttribute("routing.http.drop_invalid_header_fields.enabled", "true");
        balanced.TargetGroup.ConfigureHealthCheck(new HealthCheck { Path = "/health/ready", Interval = Duration.Seconds(10), HealthyThresholdCount = 2, UnhealthyThresholdCount = 3 });
        balanced.TargetGroup.SetAttribute("deregistration_delay.timeout_seconds", "30");
        balanced.Service
            .AutoScaleTaskCount(new EnableScalingProps { MinCapacity = Settings.Stack.Tasks, MaxCapacity = Settings.Stack.Tasks * MostTasksFactor })
            .ScaleOnCpuUtilization("Cpu", new CpuUtilizationScalingProps { TargetUtilizationPercent = CpuTarget });
        stack.WatchLoadBalancer(Name, balanced.LoadBalancer);
    }
}
