using Amazon.CDK;
using Amazon.CDK.AWS.ElastiCache;
using Amazon.CDK.AWS.SecretsManager;
using Constructs;
using Orders.Infra.Network;
using Orders.Infra.Settings;
using EcsSecret = Amazon.CDK.AWS.ECS.Secret;

namespace Orders.Infra.Data;

/// <summary>
/// ElastiCache (Valkey), TLS only, with a token. Nodes, not serverless: the services identify the start of a
/// server by the run id in INFO, and a channel is limited to one shard.
/// </summary>
internal sealed class ReadCache
{
    private readonly CfnReplicationGroup _group;
    private readonly Secret _token;

    public ReadCache(Construct scope, OrdersStackSettings settings, OrdersNetwork network, ServiceGroups groups)
    {
        var removal = settings.KeepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
        _token = new Secret(scope, "CacheToken", new SecretProps
        {
            Description = "What the services send to ElastiCache with AUTH",
            // ElastiCache accepts 16 to 128 characters, with few special ones.
            GenerateSecretString = new SecretStringGenerator { PasswordLength = 64, ExcludePunctuation = true },
            RemovalPolicy = removal,
        });
        var subnets = new CfnSubnetGroup(scope, "CacheSubnets", new CfnSubnetGroupProps
        {
            Description = "Where the cache lives",
            SubnetIds = network.Vpc.SelectSubnets(network.Subnets).SubnetIds,
        });
        var hasReplica = settings.CacheReplicas > 0;
        _group = new CfnReplicationGroup(scope, "Cache", new CfnReplicationGroupProps
        {
            ReplicationGroupDescription = $"{settings.Name}: rendered orders, change feed",
            Engine = "valkey",
            EngineVersion = settings.CacheVersion,
            CacheNodeType = settings.CacheNodeType,
            NumNodeGroups = 1,
            ReplicasPerNodeGroup = settings.CacheReplicas,
            AutomaticFailoverEnabled = hasReplica,
            MultiAzEnabled = hasReplica,
            Port = Ports.Redis,
            CacheSubnetGroupName = subnets.Ref,
            SecurityGroupIds = [groups.Cache.SecurityGroupId],
            TransitEncryptionEnabled = true,
            TransitEncryptionMode = "required",
            AtRestEncryptionEnabled = true,
            AuthToken = _token.SecretValue.UnsafeUnwrap(),
            AutoMinorVersionUpgrade = true,
        });
    }

    public IDependable Part => _group;

    public string GroupId => _group.Ref;

    public string Host => _group.AttrPrimaryEndPointAddress;

    /// <summary>
    /// For <c>ConnectionStrings__redis</c>; the token is a separate setting, since a task cannot insert a
    /// secret into a text.
    /// </summary>
    public string ConnectionString => $"{Host}:{Ports.Redis},ssl=true";

    /// <summary>For <c>Orders__RedisPassword</c>.</summary>
    public EcsSecret Password => EcsSecret.FromSecretsManager(_token);
}
