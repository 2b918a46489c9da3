using Amazon.CDK.AWS.EC2;
using Constructs;
using Orders.Infra.Settings;

namespace Orders.Infra.Network;

/// <summary>
/// A security group for each service and each store. A store admits the services that use it, and no others.
/// </summary>
internal sealed class ServiceGroups
{
    private readonly IVpc _vpc;
    private readonly Construct _scope;

    public ServiceGroups(Construct scope, OrdersStackSettings settings, OrdersNetwork network)
    {
        (_scope, _vpc) = (scope, network.Vpc);
        Api = MakeService("ApiGroup", "Orders.Api", network);
        Sync = MakeService("SyncGroup", "Orders.Sync", network);
        Query = MakeService("QueryGroup", "Orders.Query", network);
        GraphQl = MakeService("GraphQlGroup", "Orders.GraphQL", network);
        Proxy = Make("ProxyGroup", "RDS Proxy");
        Database = Make("DatabaseGroup", "Aurora");
        Cache = Make("CacheGroup", "ElastiCache");

        foreach (var reader in new[] { Sync, Query })
        {
            Admit(reader, Proxy, Ports.Postgres);
            Admit(reader, Cache, Ports.Redis);
        }

        network.StreamsGroup?.AddIngressRule(Sync, Port.Tcp(Ports.Https), "Orders.Sync");
        Admit(Proxy, Database, Ports.Postgres);
        Admit(GraphQl, Query, Ports.Container);
        if (settings.Warehouse)
        {
            Warehouse = MakeService("WarehouseGroup", "Orders.Warehouse", network);
            Admit(Warehouse, Proxy, Ports.Postgres);
            // Logical replication does not go through a proxy.
            Admit(Warehouse, Database, Ports.Postgres);
            network.StreamsGroup?.AddIngressRule(Warehouse, Port.Tcp(Ports.Https), "Orders.Warehouse");
            if (settings.Redshift)
            {
                Redshift = Make("RedshiftGroup", "Redshift");
                Admit(Warehouse, Redshift, Ports.Redshift);
            }
        }
    }

    public SecurityGroup Api { get; }

    public SecurityGroup Sync { get; }

    public SecurityGroup Query { get; }

    public SecurityGroup GraphQl { get; }

    /// <summary>Null when the stack is without it.</summary>
    public SecurityGroup? Warehouse { get; }

    public SecurityGroup Proxy { get; }

    public SecurityGroup Database { get; }

    public SecurityGroup Cache { get; }

    /// <summary>Null when the stack is without it.</summary>
    public SecurityGroup? Redshift { get; }

    // DynamoDB and S3 are reached through gateway endpoints, whose addresses are public and differ by
    // region, so HTTPS to any address is allowed. Without a NAT gateway no other address is reachable.
    private SecurityGroup MakeService(string id, string name, OrdersNetwork network)
    {
        var group = Make(id, name);
        group.AddEgressRule(Peer.AnyIpv4(), Port.Tcp(Ports.Https), "AWS by HTTPS");
        network.EndpointGroup?.AddIngressRule(group, Port.Tcp(Ports.Https), name);
        return group;
    }

    private SecurityGroup Make(string id, string name) =>
        new(_scope, id, new SecurityGroupProps { Vpc = _vpc, Description = name, AllowAllOutbound = false });

    private static void Admit(SecurityGroup from, SecurityGroup to, int port)
    {
        to.AddIngressRule(from, Port.Tcp(port));
        from.AddEgressRule(to, Port.Tcp(port));
    }
}
