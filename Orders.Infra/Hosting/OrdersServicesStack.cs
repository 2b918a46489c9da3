using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ElasticLoadBalancingV2;
using Constructs;
using Orders.Infra.Services;
using HealthCheck = Amazon.CDK.AWS.ElasticLoadBalancingV2.HealthCheck;

namespace Orders.Infra.Hosting;

/// <summary>
/// The stack with the services in it, from images that are there already: for those who deploy with the CDK alone. One load balancer takes reads to
/// Orders.Query and everything else to Orders.Api, under one name.
/// </summary>
public class OrdersServicesStack : OrdersStack
{
    private const int HttpsPort = 443;
    private const int HttpPort = 80;

    // Rules are asked in this order.
    private const int ReadsFirst = 10;

    private static readonly string[] ReadMethods = ["GET", "HEAD"];

    /// <summary>Makes it.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="id">The stack's name.</param>
    /// <param name="settings">Names and sizes, with <see cref="OrdersStackSettings.Images"/>.</param>
    /// <param name="props">As for any stack.</param>
    /// <exception cref="StackSettingException">A setting is wrong.</exception>
    public OrdersServicesStack(Construct scope, string id, OrdersStackSettings settings, IStackProps? props = null)
        : base(scope, id, settings, props)
    {
        if (Settings.Images is not { } images)
        {
            throw new StackSettingException("apiImage", "It is missing.", "Give the images of the services, or make an OrdersStack, which runs none.");
        }

        var api = Run("Api", Api, images.Api);
        var sync = Run("Sync", Sync, images.Sync);
        var query = Run("Query", Query, images.Query);
        // Orders.Sync makes the tables, without which Orders.Query is not ready.
        query.Node.AddDependency(sync);

        LoadBalancer = new ApplicationLoadBalancer(this, "LoadBalancer", new ApplicationLoadBalancerProps
        {
            Vpc = Vpc,
            // Without a certificate keys would cross the internet in clear text.
            InternetFacing = Settings.CertificateArn is not null,
            VpcSubnets = Settings.CertificateArn is null ? ServiceSubnets : new SubnetSelection { SubnetType = SubnetType.PUBLIC },
            DropInvalidHeaderFields = true,
            DeletionProtection = Settings.KeepData,
        });
        var listener = Listen();
        _ = listener.AddTargets("Api", Targets(api, priority: null));
        _ = listener.AddTargets("Query", Targets(query, ReadsFirst, ListenerCondition.HttpRequestMethods(ReadMethods)));
        WatchLoadBalancer("Services", LoadBalancer);
        _ = new CfnOutput(this, "Address", new CfnOutputProps { Value = LoadBalancer.LoadBalancerDnsName, Description = "The load balancer; the certificate's name must lead to it" });
    }

    /// <summary>What clients talk to.</summary>
    public ApplicationLoadBalancer LoadBalancer { get; }

    private static AddApplicationTargetsProps Targets(FargateService service, double? priority, params ListenerCondition[] conditions) => new()
    {
        Targets = [service],
        Port = ContainerPort,
        Protocol = ApplicationProtocol.HTTP,
        Priority = priority,
        Conditions = conditions.Length > 0 ? conditions : null,
        HealthCheck = new HealthCheck { Path = "/health/ready", Interval = Duration.Seconds(10), HealthyThresholdCount = 2, UnhealthyThresholdCount = 3 },
        // Longer than any request takes; a stream of changes is opened again by its reader.
        DeregistrationDelay = Duration.Seconds(30),
    };

    private ApplicationListener Listen()
    {
        if (Settings.CertificateArn is { } arn)
        {
            return LoadBalancer.AddListener("Listener", new BaseApplicationListenerProps
            {
                Port = HttpsPort,
                Protocol = ApplicationProtocol.HTTPS,
                Certificates = [ListenerCertificate.FromArn(arn)],
                SslPolicy = SslPolicy.TLS13_RES,
            });
        }

        var inside = LoadBalancer.AddListener("Listener", new BaseApplicationListenerProps { Port = HttpPort, Protocol = ApplicationProtocol.HTTP, Open = false });
        inside.Connections.AllowDefaultPortFrom(Peer.Ipv4(Settings.VpcCidr), "The VPC");
        return inside;
    }

    private FargateService Run(string id, OrdersService service, string image)
    {
        var task = new FargateTaskDefinition(this, $"{id}Task", new FargateTaskDefinitionProps { Cpu = Settings.TaskCpu, MemoryLimitMiB = Settings.TaskMemory });
        task.AddContainer(service.Name, new ContainerDefinitionOptions
        {
            Image = ImageReference.Of(this, $"{id}Image", image),
            Environment = service.Environment,
            Secrets = service.Secrets,
            PortMappings = [new PortMapping { ContainerPort = ContainerPort }],
            Logging = LogDriver.AwsLogs(new AwsLogDriverProps { LogGroup = ServiceLogs(id), StreamPrefix = service.Name }),
        });
        service.Grant(task.TaskRole);
        service.AddCollector(task);
        var running = new FargateService(this, $"{id}Service", new FargateServiceProps
        {
            Cluster = Cluster,
            TaskDefinition = task,
            SecurityGroups = [service.SecurityGroup],
            VpcSubnets = ServiceSubnets,
            DesiredCount = Settings.Tasks,
            MinHealthyPercent = 100,
            MaxHealthyPercent = 200,
            CircuitBreaker = new DeploymentCircuitBreaker { Rollback = true },
        });
        service.WaitForStores(running);
        return running;
    }
}
