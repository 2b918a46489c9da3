using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Constructs;
using Orders.Infra.Settings;

namespace Orders.Infra.Network;

/// <summary>
/// The VPC. A new one has no NAT gateway: the tasks reach AWS services through VPC endpoints, and nothing
/// else.
/// </summary>
internal sealed class OrdersNetwork
{
    public OrdersNetwork(Construct scope, OrdersStackSettings settings)
    {
        Vpc = settings.Vpc is { } existing ? Find(scope, existing) : Make(scope, settings);
        Subnets = new SubnetSelection { SubnetType = settings.Vpc is null ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS };
        if (settings.MakesEndpoints)
        {
            EndpointGroup = MakeEndpoints(scope);
        }
    }

    public IVpc Vpc { get; }

    /// <summary>The subnets of tasks and stores.</summary>
    public SubnetSelection Subnets { get; }

    /// <summary>The group of the interface endpoints; null when none were made.</summary>
    public SecurityGroup? EndpointGroup { get; }

    /// <summary>The group of the endpoint of DynamoDB's streams; null when none was made.</summary>
    public SecurityGroup? StreamsGroup { get; private set; }

    /// <summary>
    /// The private address of DynamoDB Streams; null for the public one. Streams have no gateway endpoint,
    /// and their interface endpoint has no private DNS, so the usual name would leave the VPC.
    /// </summary>
    public string? StreamsAddress { get; private set; }

    private static Vpc Make(Construct scope, OrdersStackSettings settings) => new(scope, "Vpc", new VpcProps
    {
        IpAddresses = IpAddresses.Cidr(settings.VpcCidr),
        // By index in the region's list, which CloudFormation looks up. With MaxAzs the CDK assumes two
        // zones unless it may query the account.
        AvailabilityZones = [.. Enumerable.Range(0, settings.Zones).Select(zone => Fn.Select(zone, Fn.GetAzs()))],
        NatGateways = 0,
        SubnetConfiguration =
        [
            new SubnetConfiguration { Name = "public", SubnetType = SubnetType.PUBLIC, CidrMask = 24, MapPublicIpOnLaunch = false },
            new SubnetConfiguration { Name = "private", SubnetType = SubnetType.PRIVATE_ISOLATED, CidrMask = 22 },
        ],
    });

    private static IVpc Find(Construct scope, ExistingVpc vpc) => Amazon.CDK.AWS.EC2.Vpc.FromVpcAttributes(scope, "Vpc", new VpcAttributes
    {
        VpcId = vpc.Id,
        AvailabilityZones = [.. vpc.Zones],
        PrivateSubnetIds = [.. vpc.PrivateSubnets],
        PrivateSubnetRouteTableIds = vpc.PrivateRouteTables.Count > 0 ? [.. vpc.PrivateRouteTables] : null,
        PublicSubnetIds = vpc.PublicSubnets.Count > 0 ? [.. vpc.PublicSubnets] : null,
    });

    private SecurityGroup MakeEndpoints(Construct scope)
    {
        foreach (var (id, service) in new[] { ("DynamoDbEndpoint", GatewayVpcEndpointAwsService.DYNAMODB), ("S3Endpoint", GatewayVpcEndpointAwsService.S3) })
        {
            _ = new GatewayVpcEndpoint(scope, id, new GatewayVpcEndpointProps { Vpc = Vpc, Service = service, Subnets = [Subnets] });
        }

        StreamsGroup = MakeGroup(scope, "StreamsEndpointGroup", "The endpoint of the streams of DynamoDB");
        var streams = MakeEndpoint(scope, "StreamsEndpoint", new InterfaceVpcEndpointAwsService("dynamodb-streams"), StreamsGroup, hasPrivateDns: false);
        // Each entry is <hosted zone>:<name>; the first is the name for all zones.
        StreamsAddress = $"https://{Fn.Select(1, Fn.Split(":", Fn.Select(0, streams.VpcEndpointDnsEntries)))}";

        var group = MakeGroup(scope, "EndpointGroup", "Interface endpoints");
        // Images, logs, secrets and traces. Credentials of a task come from its own host, and metrics travel
        // as logs.
        foreach (var (id, service) in new[]
        {
            ("EcrEndpoint", InterfaceVpcEndpointAwsService.ECR),
            ("EcrDockerEndpoint", InterfaceVpcEndpointAwsService.ECR_DOCKER),
            ("LogsEndpoint", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS),
            ("SecretsEndpoint", InterfaceVpcEndpointAwsService.SECRETS_MANAGER),
            ("XRayEndpoint", InterfaceVpcEndpointAwsService.XRAY),
        })
        {
            _ = MakeEndpoint(scope, id, service, group, hasPrivateDns: true);
        }

        return group;
    }

    private SecurityGroup MakeGroup(Construct scope, string id, string meaning) =>
        new(scope, id, new SecurityGroupProps { Vpc = Vpc, Description = meaning, AllowAllOutbound = false });

    private InterfaceVpcEndpoint MakeEndpoint(Construct scope, string id, IInterfaceVpcEndpointService service, SecurityGroup group, bool hasPrivateDns) =>
        new(scope, id, new InterfaceVpcEndpointProps
        {
            Vpc = Vpc,
            Service = service,
            Subnets = Subnets,
            SecurityGroups = [group],
            PrivateDnsEnabled = hasPrivateDns,
            Open = false,
        });
}
