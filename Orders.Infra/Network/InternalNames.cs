using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ServiceDiscovery;
using Constructs;
using Orders.Infra.Settings;

namespace Orders.Infra.Network;

/// <summary>
/// The private DNS name of Orders.Query for the gateway. The load balancer of Orders.Query has public
/// addresses, which a network without NAT cannot reach. With this name, the keys of the gateway's callers
/// never leave the VPC.
/// </summary>
internal sealed class InternalNames(Construct scope, OrdersStackSettings settings, OrdersNetwork network)
{
    private const string QueryName = "query";

    // How long the address of a stopped task may still be used.
    private static readonly Duration Remembered = Duration.Seconds(10);

    private readonly PrivateDnsNamespace _names = new(scope, "Names", new PrivateDnsNamespaceProps { Name = Namespace(settings), Vpc = network.Vpc });

    /// <summary>Registers the tasks of Orders.Query.</summary>
    public CloudMapOptions Query => new() { CloudMapNamespace = _names, Name = QueryName, DnsTtl = Remembered };

    /// <summary>The address for the gateway.</summary>
    public static string QueryAddress(OrdersStackSettings settings) => $"http://{QueryName}.{Namespace(settings)}:{Ports.Container}";

    private static string Namespace(OrdersStackSettings settings) => $"{settings.Name}.internal";
}
