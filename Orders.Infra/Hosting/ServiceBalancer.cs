using Amazon.CDK;
using Amazon.CDK.AWS.ApplicationAutoScaling;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ElasticLoadBalancingV2;
using Amazon.CDK.AWS.Route53;
using Amazon.CDK.AWS.Route53.Targets;
using Constructs;
using Orders.Infra.Network;
using Orders.Infra.Services;
using Orders.Infra.Settings;
using HealthCheck = Amazon.CDK.AWS.ElasticLoadBalancingV2.HealthCheck;

namespace Orders.Infra.Hosting;

/// <summary>
/// Puts a load balancer in front of a service: HTTPS on the internet, or without a certificate HTTP inside
/// the VPC. The number of tasks follows the load.
/// </summary>
internal sealed class ServiceBalancer(Construct scope, OrdersStackSettings settings, OrdersNetwork network)
{
    private const double CpuTarget = 60;
    private const int MostTasksFactor = 5;

    private readonly IHostedZone? _zone = settings.Domains is { } domains
        ? HostedZone.FromHostedZoneAttributes(scope, "Zone", new HostedZoneAttributes { HostedZoneId = domains.ZoneId, ZoneName = domains.ZoneName })
        : null;

    /// <summary>Adds one in front of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="running">The Fargate service.</param>
    /// <param name="domain">Its DNS name in the zone; null when the settings have none.</param>
    public ApplicationLoadBalancer PutBefore(OrdersService service, FargateService running, string? domain)
    {
        var balancer = new ApplicationLoadBalancer(scope, $"{service.Id}LoadBalancer", new ApplicationLoadBalancerProps
        {
            Vpc = network.Vpc,
            InternetFacing = settings.IsPublic,
            VpcSubnets = settings.IsPublic ? new SubnetSelection { SubnetType = SubnetType.PUBLIC } : network.Subnets,
            DropInvalidHeaderFields = true,
            DeletionProtection = settings.KeepData,
        });
        Listen(balancer).AddTargets(service.Id, new AddApplicationTargetsProps
        {
            Targets = [running],
            Port = Ports.Container,
            Protocol = ApplicationProtocol.HTTP,
            HealthCheck = new HealthCheck { Path = "/health/ready", Interval = Duration.Seconds(10), HealthyThresholdCount = 2, UnhealthyThresholdCount = 3 },
            // Longer than any request takes; clients reopen a stream of changes.
            DeregistrationDelay = Duration.Seconds(30),
        });
        Scale(running);
        Name(service, balancer, domain);
        return balancer;
    }

    private ApplicationListener Listen(ApplicationLoadBalancer balancer)
    {
        if (settings.CertificateArn is not { } certificate)
        {
            var http = new BaseApplicationListenerProps { Port = Ports.Http, Protocol = ApplicationProtocol.HTTP, Open = false };
            return Admit(balancer.AddListener("Http", http));
        }

        Admit(balancer.AddRedirect(new ApplicationLoadBalancerRedirectConfig { Open = settings.IsPublic }));
        return Admit(balancer.AddListener("Https", new BaseApplicationListenerProps
        {
            Port = Ports.Https,
            Protocol = ApplicationProtocol.HTTPS,
            Certificates = [ListenerCertificate.FromArn(certificate)],
            SslPolicy = SslPolicy.TLS13_RES,
            Open = settings.IsPublic,
        }));
    }

    private ApplicationListener Admit(ApplicationListener listener)
    {
        if (!settings.IsPublic)
        {
            listener.Connections.AllowDefaultPortFrom(Peer.Ipv4(settings.VpcCidr), "The VPC");
        }

        return listener;
    }

    private void Scale(FargateService running)
    {
        running
            .AutoScaleTaskCount(new EnableScalingProps { MinCapacity = settings.Tasks, MaxCapacity = settings.Tasks * MostTasksFactor })
            .ScaleOnCpuUtilization("Cpu", new CpuUtilizationScalingProps { TargetUtilizationPercent = CpuTarget });
        // A fixed number would undo the scaling at each deployment.
        ((CfnService)running.Node.DefaultChild!).DesiredCount = null;
    }

    private void Name(OrdersService service, ApplicationLoadBalancer balancer, string? domain)
    {
        if (_zone is not null && domain is not null)
        {
            _ = new ARecord(scope, $"{service.Id}Domain", new ARecordProps
            {
                Zone = _zone,
                RecordName = domain,
                Target = RecordTarget.FromAlias(new LoadBalancerTarget(balancer)),
            });
        }

        _ = new CfnOutput(scope, $"{service.Id}Address", new CfnOutputProps
        {
            Value = domain is null ? balancer.LoadBalancerDnsName : $"https://{domain}",
            Description = domain is null && settings.CertificateArn is not null
                ? $"The load balancer of {service.Name}; a name of the certificate must lead to it"
                : $"Where {service.Name} answers",
        });
    }
}
