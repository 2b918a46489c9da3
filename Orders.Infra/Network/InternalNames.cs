using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ServiceDiscovery;
using Constructs;
using Orders.Infra.Settings;

namespace Orders.Infra.Network;

/// <summary>
/// The name by which the gateway finds the tasks of Orders.Query, known in the VPC only. The load balancer
/// of Orders.Query has public addresses, to which nothing leads from a network without NAT; and asked by
/// this name, the gateway's callers' keys never leave the VPC.
/// </summary>
internal sealed class InternalNames(Construct scope, OrdersStackSettings settings, OrdersNetwork network)
{
    private const string QueryName = "query";

    // As long as the address of a stopped task may still be tried.
    private static readonly Duration Remembered = Duration.Seconds(10);

    private readonly PrivateDnsNamespace _names = new(scope, "Names", new PrivateDnsNamespaceProps { Name = Namespace(settings), Vpc = network.Vpc });

    /// <summary>Registers the tasks of Orders.Query.</summary>
    public CloudMapOptions Query => new() { CloudMapNamespace = _names, Name = QueryName, DnsTtl = Remembered };

    /// <summary>Where the gateway asks.</summary>
    public static string QueryAddress(OrdersStackSettings settings) => $"http://{QueryName}.{Namespace(settings)}:{Ports.Container}";

    private static string Namespace(OrdersStackSettings settings) => $"{settings.Name}.internal";
}
