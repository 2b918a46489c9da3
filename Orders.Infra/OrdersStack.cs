using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Orders.Infra.Collector;
using Orders.Infra.Data;
using Orders.Infra.Hosting;
using Orders.Infra.Images;
using Orders.Infra.Network;
using Orders.Infra.Services;
using Orders.Infra.Settings;
using Orders.Infra.Watch;

namespace Orders.Infra;

/// <summary>
/// The whole system in AWS: the stores, and the services on Fargate. Orders.Api, Orders.Query and
/// Orders.GraphQL have a load balancer each; Orders.Sync and Orders.Warehouse accept no requests from
/// outside.
/// </summary>
internal sealed class OrdersStack : Stack
{
    /// <summary>Makes it.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="id">The stack's name.</param>
    /// <param name="settings">Names and sizes.</param>
    /// <param name="sources">The folder of the solution, for images that are built from the sources.</param>
    /// <param name="props">As for any stack. If it has a region, the certificate's region is
    /// checked.</param>
    /// <exception cref="StackSettingException">A setting is wrong.</exception>
    public OrdersStack(App scope, string id, OrdersStackSettings settings, string sources, IStackProps? props = null)
        : base(scope, id, props)
    {
        settings.Check();
        if (props?.Env?.Region is { } region)
        {
            SettingsRules.CheckRegion(settings, region);
        }

        var network = new OrdersNetwork(this, settings);
        var groups = new ServiceGroups(this, settings, network);
        var writeStore = new WriteStore(this, settings);
        var readModel = new ReadModel(this, settings, network, groups);
        var cache = new ReadCache(this, settings, network, groups);
        var lake = new Lake(this, settings);
        var redshift = settings.Redshift ? new Redshift(this, settings, network, groups, lake) : null;
        var services = new ServiceCatalogue(this, settings, network, groups, writeStore, readModel, cache, new(lake, redshift));
        var alarms = new OrdersAlarms(this, settings, writeStore, readModel, cache);
        OrdersDashboard.Make(this, settings, writeStore, readModel, cache);

        var images = new ServiceImages(this, sources, scope.Outdir);
        var runner = new ServiceRunner(this, settings, network, new CollectorSidecar(this, settings));
        var api = runner.Run(services.Api, images.DotNet("Api", ("apiImage", settings.ApiImage), "Orders.Api"));
        var sync = runner.Run(services.Sync, images.DotNet("Sync", ("syncImage", settings.SyncImage), "Orders.Sync"));
        var query = runner.Run(
            services.Query, images.DotNet("Query", ("queryImage", settings.QueryImage), "Orders.Query"), new InternalNames(this, settings, network).Query);
        var gateway = runner.Run(services.GraphQl, images.Dockerfile("GraphQl", ("graphqlImage", settings.GraphqlImage), "Orders.GraphQL"));
        if (services.Warehouse is { } warehouse)
        {
            runner.Run(warehouse, images.DotNet("Warehouse", ("warehouseImage", settings.WarehouseImage), "Orders.Warehouse"));
        }

        // Orders.Query is not ready without the tables that Orders.Sync creates, nor the gateway without
        // Orders.Query.
        query.Node.AddDependency(sync);
        gateway.Node.AddDependency(query);

        var balancer = new ServiceBalancer(this, settings, network);
        PutBefore(services.Api, api, settings.Domains?.Api);
        PutBefore(services.Query, query, settings.Domains?.Query);
        PutBefore(services.GraphQl, gateway, settings.Domains?.GraphQl);

        Tell("TableName", writeStore.Table.TableName, "The write store");
        Tell("DatabaseAddress", readModel.Host, "The read model, by RDS Proxy");
        Tell("CacheAddress", cache.Host, "The read cache");
        Tell("LakeBucket", lake.Bucket.BucketName, $"The warehouse's files, below {Lake.Prefix}/");
        if (redshift is not null)
        {
            Tell("RedshiftAddress", redshift.Host, "The warehouse in Redshift");
            Tell("RedshiftPasswordSecret", redshift.PasswordArn, "The password of its loader, who owns its tables");
        }

        Tell("DatabaseAdministratorSecret", readModel.AdministratorSecretArn, "The database administrator's name and password; no service uses them");
        foreach (var (name, secret) in services.KeySecrets)
        {
            Tell($"{name}Secret", secret, "Holds Id, Hash and Merchants of a key as new-key prints them");
        }

        void PutBefore(OrdersService service, FargateService running, string? domain) =>
            alarms.WatchLoadBalancer(service.Id, balancer.PutBefore(service, running, domain));
    }

    private void Tell(string id, string value, string meaning) => _ = new CfnOutput(this, id, new CfnOutputProps { Value = value, Description = meaning });
}
