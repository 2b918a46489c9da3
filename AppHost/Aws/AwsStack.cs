using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ServiceDiscovery;
using Aspire.Hosting.AWS.Deployment;
using Constructs;
using Orders.Infra;

namespace Orders.AppHost.Aws;

/// <summary>The stack of Orders.Infra, telling Aspire which of its parts the services' tasks run in.</summary>
internal sealed class AwsStack(Construct scope, string id, OrdersStackSettings settings, IStackProps props) : OrdersStack(scope, id, settings, props)
{
    private const string Inside = "orders.internal";

    private PrivateDnsNamespace? _names;

    /// <summary>Where tasks run.</summary>
    [DefaultVpc]
    public IVpc TaskVpc => Vpc;

    /// <summary>Likewise.</summary>
    [DefaultECSCluster]
    public ICluster TaskCluster => Cluster;

    /// <summary>Orders.Sync, once it is made.</summary>
    public FargateService? Consumer { get; set; }

    /// <summary>The names by which services reach each other: private ones, known in the VPC only.</summary>
    public PrivateDnsNamespace Names => _names ??= new PrivateDnsNamespace(this, "Names", new PrivateDnsNamespaceProps { Name = Inside, Vpc = Vpc });
}
