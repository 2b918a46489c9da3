using Amazon;
using Amazon.CDK;
using Amazon.CDK.AWS.ApplicationAutoScaling;
using Amazon.CDK.AWS.CertificateManager;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ElasticLoadBalancingV2;
using Amazon.CDK.AWS.Route53;
using Aspire.Hosting.AWS.Deployment;
using Orders.Infra;
using Orders.Infra.Services;
using HealthCheck = Amazon.CDK.AWS.ElasticLoadBalancingV2.HealthCheck;

#pragma warning disable ASPIREAWSPUBLISHERS001 // A preview; its version is pinned.

namespace Orders.AppHost.Aws;

/// <summary>
/// The same services in AWS: Orders.Api and Orders.Query behind a load balancer each, Orders.Sync with nothing in front of it. Aspire's expressions do not
/// survive a publish, so that every setting comes from the stack.
/// </summary>
internal static class OrdersOnAws
{
    private const int Https = 443;
    private const double CpuTarget = 60;
    private const int MostTasksFactor = 5;

    // Orders.Sync hands its shards over as it stops; 30 s are .NET's own limit for that.
    private static readonly Duration StopGrace = Duration.Seconds(60);

    /// <summary>Adds the services and their stack.</summary>
    /// <exception cref="StackSettingException">A parameter is missing or wrong.</exception>
    public static void AddOrdersOnAws(this IDistributedApplicationBuilder builder)
    {
        var settings = AwsSettings.Read(builder.Configuration);
        builder.AddAWSCDKEnvironment(
            SettingsReader.StackName,
            CDKDefaultsProviderFactory.Preview_V1,
            (app, props) => new AwsStack(app, SettingsReader.StackName, settings.Stack, props),
            new() { AWSSDKConfig = builder.AddAWSSDKConfig().WithRegion(RegionEndpoint.GetBySystemName(settings.Region)) });

        builder.AddProject<Projects.Orders_Api>("orders-api").PublishAsECSFargateServiceWithALB(Balanced("Api", stack => stack.Api, settings, settings.Domain?.Api));
        builder.AddProject<Projects.Orders_Sync>("orders-sync").PublishAsECSFargateService(Consumer(settings.Stack));
        builder.AddProject<Projects.Orders_Query>("orders-query").PublishAsECSFargateServiceWithALB(Balanced("Query", stack => stack.Query, settings, settings.Domain?.Query));
    }

    private static PublishECSFargateServiceWithALBConfig Balanced(string name, Func<AwsStack, OrdersService> of, AwsSettings settings, string? domain) => new()
    {
        PropsApplicationLoadBalancedTaskImageOptionsCallback = (context, image) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            var service = of(stack);
            image.ContainerName = service.Name;
            image.ContainerPort = OrdersStack.ContainerPort;
            image.Environment = service.Environment;
            image.Secrets = service.Secrets;
            image.LogDriver = LogDriver.AwsLogs(new AwsLogDriverProps { LogGroup = stack.ServiceLogs(name), StreamPrefix = service.Name });
        },
        PropsApplicationLoadBalancedFargateServiceCallback = (context, props) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            props.Cpu = settings.Stack.TaskCpu;
            props.MemoryLimitMiB = settings.Stack.TaskMemory;
            props.DesiredCount = settings.Stack.Tasks;
            props.MaxHealthyPercent = 200;
            props.CircuitBreaker = new DeploymentCircuitBreaker { Rollback = true };
            props.SecurityGroups = [of(stack).SecurityGroup];
            props.TaskSubnets = stack.ServiceSubnets;
            props.Certificate = Certificate.FromCertificateArn(stack, $"{name}Certificate", settings.Stack.CertificateArn!);
            props.Protocol = ApplicationProtocol.HTTPS;
            props.ListenerPort = Https;
            props.SslPolicy = SslPolicy.TLS13_RES;
            props.RedirectHTTP = true;
            if (settings.Domain is { } zone)
            {
                props.DomainName = domain;
                props.DomainZone = HostedZone.FromHostedZoneAttributes(stack, $"{name}Zone", new HostedZoneAttributes { HostedZoneId = zone.ZoneId, ZoneName = zone.ZoneName });
            }
        },
        ConstructApplicationLoadBalancedFargateServiceCallback = (context, balanced) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            Finish(of(stack), balanced.TaskDefinition, balanced.Service);
            balanced.LoadBalancer.SetAttribute("routing.http.drop_invalid_header_fields.enabled", "true");
            balanced.TargetGroup.ConfigureHealthCheck(new HealthCheck { Path = "/health/ready", Interval = Duration.Seconds(10), HealthyThresholdCount = 2, UnhealthyThresholdCount = 3 });
            balanced.TargetGroup.SetAttribute("deregistration_delay.timeout_seconds", "30");
            balanced.Service
                .AutoScaleTaskCount(new EnableScalingProps { MinCapacity = settings.Stack.Tasks, MaxCapacity = settings.Stack.Tasks * MostTasksFactor })
                .ScaleOnCpuUtilization("Cpu", new CpuUtilizationScalingProps { TargetUtilizationPercent = CpuTarget });
            stack.WatchLoadBalancer(name, balanced.LoadBalancer);
        },
    };

    private static PublishECSFargateServiceConfig Consumer(OrdersStackSettings settings) => new()
    {
        PropsFargateTaskDefinitionCallback = (_, task) => (task.Cpu, task.MemoryLimitMiB) = (settings.TaskCpu, settings.TaskMemory),
        PropsContainerDefinitionCallback = (context, container) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            container.ContainerName = stack.Sync.Name;
            container.Environment = stack.Sync.Environment;
            container.Secrets = stack.Sync.Secrets;
            container.StopTimeout = StopGrace;
            container.Logging = LogDriver.AwsLogs(new AwsLogDriverProps { LogGroup = stack.ServiceLogs("Sync"), StreamPrefix = stack.Sync.Name });
        },
        PropsFargateServiceCallback = (context, service) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            service.DesiredCount = settings.Tasks;
            service.MaxHealthyPercent = 200;
            service.CircuitBreaker = new DeploymentCircuitBreaker { Rollback = true };
            service.SecurityGroups = [stack.Sync.SecurityGroup];
            service.VpcSubnets = stack.ServiceSubnets;
        },
        ConstructFargateServiceCallback = (context, service) =>
        {
            Finish(context.GetDeploymentStack<AwsStack>().Sync, service.TaskDefinition, service);
            // Aspire takes a network that has no NAT for one without private subnets, and would give each task an address that leads nowhere.
            ((CfnService)service.Node.DefaultChild!).AddPropertyOverride("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", "DISABLED");
        },
    };

    private static void Finish(OrdersService service, TaskDefinition task, FargateService running)
    {
        service.Grant(task.TaskRole);
        service.AddCollector(task);
        service.WaitForStores(running);
    }
}
