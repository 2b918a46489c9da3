using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Aspire.Hosting.AWS.Deployment;
using Constructs;
using Orders.Infra;

namespace Orders.AppHost.Aws;

/// <summary>The stack of Orders.Infra, telling Aspire which of its parts the services' tasks run in.</summary>
internal sealed class AwsStack(Construct scope, string id, OrdersStackSettings settings, IStackProps props) : OrdersStack(scope, id, settings, props)
{
    /// <summary>Where tasks run.</summary>
    [DefaultVpc]
    public IVpc TaskVpc => Vpc;

    /// <summary>Likewise.</summary>
    [DefaultECSCluster]
    public ICluster TaskCluster => Cluster;
}
