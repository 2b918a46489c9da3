using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.RDS;
using Constructs;
using Orders.Infra.Network;
using Orders.Infra.Settings;

namespace Orders.Infra.Data;

/// <summary>
/// Aurora PostgreSQL Serverless v2 behind RDS Proxy. Services authenticate with their IAM role, to the proxy
/// and through it to the database, so that no service has a password that could become stale. The only
/// password, the administrator's, is created and rotated by RDS.
/// </summary>
internal sealed class ReadModel
{
    private const string Administrator = "orders_admin";
    private const int BorrowSeconds = 3;
    private const int MegabytesOfGigabyte = 1_024;

    private readonly Stack _stack;
    private readonly DatabaseCluster _cluster;
    private readonly CfnDBProxy _proxy;

    public ReadModel(Construct scope, OrdersStackSettings settings, OrdersNetwork network, ServiceGroups groups)
    {
        _stack = Stack.Of(scope);
        Database = settings.DatabaseName;
        _cluster = MakeCluster(scope, settings, network, groups);
        _proxy = MakeProxy(scope, settings, network, groups);
        Parts = [MakeTargets(scope), DatabaseUsers.Make(scope, _cluster, AdministratorSecretArn, Database)];
    }

    public DatabaseCluster Cluster => _cluster;

    public string Database { get; }

    /// <summary>What must exist before the first connection.</summary>
    public IReadOnlyList<IDependable> Parts { get; }

    public string Host => _proxy.AttrEndpoint;

    /// <summary>Secrets Manager's ARN of the administrator's name and password.</summary>
    public string AdministratorSecretArn => Fn.GetAtt(_stack.GetLogicalId((CfnDBCluster)_cluster.Node.DefaultChild!), "MasterUserSecret.SecretArn").ToString()!;

    /// <summary>
    /// For Npgsql. The proxy shares its connections between clients, unless a client leaves state in one.
    /// "No Reset On Close" stops Npgsql from sending DISCARD ALL, which would bind each connection to one
    /// client ("pinning"). The proxy does not support GSSAPI, and trying it costs a round trip.
    /// </summary>
    /// <param name="user">One of <see cref="DatabaseUsers"/>.</param>
    public string ConnectionString(string user) =>
        $"Host={Host};Port={Ports.Postgres};Database={Database};Username={user};SSL Mode=VerifyFull;GSS Encryption Mode=Disable;No Reset On Close=true";

    /// <summary>
    /// To the writer itself, for logical replication, which RDS Proxy does not have. Aurora's own
    /// certificate is
    /// of an authority that no image knows, so it is not checked.
    /// </summary>
    /// <param name="user">One of <see cref="DatabaseUsers"/>.</param>
    public string DirectConnectionString(string user) =>
        $"Host={_cluster.ClusterEndpoint.Hostname};Port={Ports.Postgres};Database={Database};Username={user};SSL Mode=Require;GSS Encryption Mode=Disable";

    /// <summary>The permission to connect as one user.</summary>
    /// <param name="user">One of <see cref="DatabaseUsers"/>.</param>
    // The id of a proxy for IAM is only in its ARN: arn:aws:rds:<region>:<account>:db-proxy:prx-….
    public PolicyStatement Connecting(string user) => Connect(Fn.Select(6, Fn.Split(":", _proxy.AttrDbProxyArn)), user);

    /// <summary>The permission to connect as one user without the proxy.</summary>
    /// <param name="user">One of <see cref="DatabaseUsers"/>.</param>
    public PolicyStatement ConnectingDirectly(string user) => Connect(_cluster.ClusterResourceIdentifier, user);

    private PolicyStatement Connect(string resourceId, string user) => new(new PolicyStatementProps
    {
        Actions = ["rds-db:connect"],
        Resources = [_stack.FormatArn(new ArnComponents { Service = "rds-db", Resource = "dbuser", ResourceName = $"{resourceId}/{user}", ArnFormat = ArnFormat.COLON_RESOURCE_NAME })],
    });

    private static DatabaseCluster MakeCluster(Construct scope, OrdersStackSettings settings, OrdersNetwork network, ServiceGroups groups)
    {
        var engine = DatabaseClusterEngine.AuroraPostgres(new AuroraPostgresClusterEngineProps
        {
            Version = AuroraPostgresEngineVersion.Of(settings.PostgresVersion, settings.PostgresVersion.Split('.')[0]),
        });
        var cluster = new DatabaseCluster(scope, "Database", new DatabaseClusterProps
        {
            Engine = engine,
            ParameterGroup = new ParameterGroup(scope, "DatabaseParameters", new ParameterGroupProps
            {
                Engine = engine,
                Parameters = Parameters(settings),
            }),
            DefaultDatabaseName = settings.DatabaseName,
            // The construct requires a password; it is removed below, since RDS creates it.
            Credentials = Credentials.FromPassword(Administrator, SecretValue.UnsafePlainText("made-by-rds")),
            Writer = Instance("Writer", isWriter: true),
            Readers = [.. Enumerable.Range(1, settings.DatabaseReaders).Select(number => Instance($"Reader{number}", isWriter: false))],
            ServerlessV2MinCapacity = settings.DatabaseMinCapacity,
            ServerlessV2MaxCapacity = settings.DatabaseMaxCapacity,
            Vpc = network.Vpc,
            VpcSubnets = network.Subnets,
            SecurityGroups = [groups.Database],
            IamAuthentication = true,
            EnableDataApi = true,
            StorageEncrypted = true,
            CopyTagsToSnapshot = true,
            Backup = new BackupProps { Retention = Duration.Days(settings.DatabaseBackupDays) },
            DeletionProtection = settings.KeepData,
            RemovalPolicy = settings.KeepData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
        });
        var cfn = (CfnDBCluster)cluster.Node.DefaultChild!;
        cfn.AddPropertyDeletionOverride("MasterUserPassword");
        cfn.AddPropertyOverride("ManageMasterUserPassword", true);
        return cluster;
    }

    private static Dictionary<string, string> Parameters(OrdersStackSettings settings)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["rds.force_ssl"] = "1" };
        if (settings.Warehouse)
        {
            parameters["rds.logical_replication"] = "1";
            // In megabytes. Without a limit a warehouse that stands still would fill the storage.
            parameters["max_slot_wal_keep_size"] = (settings.SlotGigabytes * MegabytesOfGigabyte).ToString(CultureInfo.InvariantCulture);
        }

        return parameters;
    }

    private static IClusterInstance Instance(string id, bool isWriter) => ClusterInstance.ServerlessV2(id, new ServerlessV2ClusterInstanceProps
    {
        PubliclyAccessible = false,
        AutoMinorVersionUpgrade = true,
        // A reader that scales with the writer can take over at once.
        ScaleWithWriter = isWriter ? null : true,
    });

    private CfnDBProxy MakeProxy(Construct scope, OrdersStackSettings settings, OrdersNetwork network, ServiceGroups groups)
    {
        var role = new Role(scope, "ProxyRole", new RoleProps { AssumedBy = new ServicePrincipal("rds.amazonaws.com"), Description = "RDS Proxy signs in to Aurora" });
        foreach (var user in DatabaseUsers.Names)
        {
            role.AddToPolicy(Connect(_cluster.ClusterResourceIdentifier, user));
        }

        var proxy = new CfnDBProxy(scope, "Proxy", new CfnDBProxyProps
        {
            DbProxyName = settings.Name,
            EngineFamily = "POSTGRESQL",
            RoleArn = role.RoleArn,
            RequireTls = true,
            VpcSubnetIds = network.Vpc.SelectSubnets(network.Subnets).SubnetIds,
            VpcSecurityGroupIds = [groups.Proxy.SecurityGroupId],
            Auth = Array.Empty<object>(),
        });
        // IAM on both sides of the proxy, so there is no list of secrets.
        proxy.AddPropertyDeletionOverride("Auth");
        proxy.AddPropertyOverride("DefaultAuthScheme", "IAM_AUTH");
        proxy.Node.AddDependency(role);
        return proxy;
    }

    private CfnDBProxyTargetGroup MakeTargets(Construct scope)
    {
        var targets = new CfnDBProxyTargetGroup(scope, "ProxyTargets", new CfnDBProxyTargetGroupProps
        {
            DbProxyName = _proxy.Ref,
            TargetGroupName = "default",
            DbClusterIdentifiers = [_cluster.ClusterIdentifier],
            ConnectionPoolConfigurationInfo = new CfnDBProxyTargetGroup.ConnectionPoolConfigurationInfoFormatProperty
            {
                MaxConnectionsPercent = 90,
                MaxIdleConnectionsPercent = 50,
                // As long as a service itself waits for a connection.
                ConnectionBorrowTimeout = BorrowSeconds,
            },
        });
        targets.Node.AddDependency(_cluster);
        return targets;
    }
}
