using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ElasticLoadBalancingV2;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.S3;
using Amazon.CDK.AWS.SNS;
using Constructs;
using Orders.Infra.Collector;
using Orders.Infra.Data;
using Orders.Infra.Network;
using Orders.Infra.Services;
using Orders.Infra.Watch;

namespace Orders.Infra;

/// <summary>
/// Everything that the services need in AWS, and for each of them what its task is to be given. It runs none of them: a stack that derives from this
/// one, or uses it, makes their tasks.
/// </summary>
public class OrdersStack : Stack
{
    /// <summary>On which port a service's container listens.</summary>
    public const int ContainerPort = 8080;

    private readonly OrdersAlarms _alarms;

    /// <summary>Makes it.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="id">The stack's name.</param>
    /// <param name="settings">Names and sizes; null for the defaults.</param>
    /// <param name="props">As for any stack.</param>
    /// <exception cref="StackSettingException">A setting is wrong.</exception>
    public OrdersStack(Construct scope, string id, OrdersStackSettings? settings = null, IStackProps? props = null)
        : base(scope, id, props)
    {
        Settings = (settings ?? new()).Check();
        var network = new OrdersNetwork(this, Settings);
        var groups = new ServiceGroups(this, network);
        var writeStore = new WriteStore(this, Settings);
        var readModel = new ReadModel(this, Settings, network, groups);
        var cache = new ReadCache(this, Settings, network, groups);

        (Vpc, ServiceSubnets) = (network.Vpc, network.Subnets);
        Table = writeStore.Table;
        Archive = Data.Archive.Make(this, Settings);
        Cluster = new Cluster(this, "Cluster", new ClusterProps { Vpc = Vpc });

        var services = new ServiceCatalogue(this, Settings, network, groups, writeStore, readModel, cache, new CollectorSidecar(this, Settings));
        (Api, Sync, Query, GraphQl) = (services.Api, services.Sync, services.Query, services.GraphQl);

        _alarms = new OrdersAlarms(this, Settings, writeStore, readModel, cache);
        OrdersDashboard.Make(this, Settings, writeStore, readModel, cache);

        Tell("TableName", Table.TableName, "The write store");
        Tell("DatabaseAddress", readModel.Host, "The read model, by RDS Proxy");
        Tell("CacheAddress", cache.Host, "The read cache");
        Tell("ArchiveBucket", Archive.BucketName, "The archive");
        Tell("DatabaseAdministratorSecret", readModel.AdministratorSecretArn, "The database administrator's name and password; no service uses them");
        foreach (var (name, secret) in services.KeySecrets)
        {
            Tell($"{name}Secret", secret, "Holds Id, Hash and Merchants of a key as new-key prints them");
        }
    }

    /// <summary>What it was made with.</summary>
    public OrdersStackSettings Settings { get; }

    /// <summary>Its network.</summary>
    public IVpc Vpc { get; }

    /// <summary>The subnets for tasks: private ones.</summary>
    public SubnetSelection ServiceSubnets { get; }

    /// <summary>For the tasks.</summary>
    public Cluster Cluster { get; }

    /// <summary>The write store.</summary>
    public ITable Table { get; }

    /// <summary>The archive's bucket. No service has a right on it yet.</summary>
    public Bucket Archive { get; }

    /// <summary>The write service.</summary>
    public OrdersService Api { get; }

    /// <summary>The stream consumer.</summary>
    public OrdersService Sync { get; }

    /// <summary>The read service.</summary>
    public OrdersService Query { get; }

    /// <summary>The gateway. It needs the read service's address besides, and has no right in AWS.</summary>
    public OrdersService GraphQl { get; }

    /// <summary>The log group of one service, with the stack's retention.</summary>
    /// <param name="service">The service's name in the template, for example <c>Api</c>.</param>
    public ILogGroup ServiceLogs(string service) => new LogGroup(this, $"{service}Logs", new LogGroupProps { Retention = LogDays.Of(Settings.LogDays), RemovalPolicy = RemovalPolicy.DESTROY });

    /// <summary>Where alarms go.</summary>
    public ITopic AlarmTopic => _alarms.Topic;

    /// <summary>Adds alarms for the 5xx answers behind a load balancer.</summary>
    /// <param name="service">Whose load balancer it is, for example <c>Api</c>; part of the alarms' names.</param>
    /// <param name="loadBalancer">The load balancer.</param>
    public void WatchLoadBalancer(string service, IApplicationLoadBalancer loadBalancer) => _alarms.WatchLoadBalancer(service, loadBalancer);

    private void Tell(string id, string value, string meaning) => _ = new CfnOutput(this, id, new CfnOutputProps { Value = value, Description = meaning });
}
