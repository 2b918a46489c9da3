using Amazon.CDK.AWS.EC2;
using Constructs;

namespace Orders.Infra.Network;

/// <summary>A security group for each service and each store. A store admits the services that use it, and nobody else.</summary>
internal sealed class ServiceGroups
{
    public const int PostgresPort = 5432;
    public const int RedisPort = 6379;
    private const int HttpsPort = 443;

    private readonly IVpc _vpc;
    private readonly Construct _scope;

    public ServiceGroups(Construct scope, OrdersNetwork network)
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
            Admit(reader, Proxy, PostgresPort);
            Admit(reader, Cache, RedisPort);
        }

        network.StreamsGroup?.AddIngressRule(Sync, Port.Tcp(HttpsPort), "Orders.Sync");
        Admit(Proxy, Database, PostgresPort);
        Admit(GraphQl, Query, OrdersStack.ContainerPort);
    }

    public SecurityGroup Api { get; }

    public SecurityGroup Sync { get; }

    public SecurityGroup Query { get; }

    public SecurityGroup GraphQl { get; }

    public SecurityGroup Proxy { get; }

    public SecurityGroup Database { get; }

    public SecurityGroup Cache { get; }

    // DynamoDB and S3 are reached through gateway endpoints, whose addresses are public ones that differ by region: hence HTTPS to anywhere.
    // Without a NAT gateway there is no way to any other address.
    private SecurityGroup MakeService(string id, string name, OrdersNetwork network)
    {
        var group = Make(id, name);
        group.AddEgressRule(Peer.AnyIpv4(), Port.Tcp(HttpsPort), "AWS by HTTPS");
        network.EndpointGroup?.AddIngressRule(group, Port.Tcp(HttpsPort), name);
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
