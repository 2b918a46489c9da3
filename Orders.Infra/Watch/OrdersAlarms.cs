using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.CloudWatch.Actions;
using Amazon.CDK.AWS.ElasticLoadBalancingV2;
using Amazon.CDK.AWS.SNS;
using Constructs;
using Orders.Infra.Data;
using Orders.Infra.Settings;

namespace Orders.Infra.Watch;

/// <summary>
/// The alarms for operators. Each alarm's description says what it means and what to do first.
/// </summary>
internal sealed class OrdersAlarms
{
    private const double FullDatabase = 90;
    private const double FullCache = 80;
    private const double ServerErrors = 5;
    private const double StalledSeconds = 30;
    private const double BytesOfGigabyte = 1_073_741_824;
    private const int SecondsOfMinute = 60;

    private readonly Construct _scope;
    private readonly string _prefix;
    private readonly SnsAction _tell;

    public OrdersAlarms(Construct scope, OrdersStackSettings settings, WriteStore writeStore, ReadModel readModel, ReadCache cache)
    {
        (_scope, _prefix) = (scope, settings.Name);
        // Not encrypted with the default key of SNS, with which CloudWatch cannot publish; an alarm contains
        // no data.
        Topic = new Topic(scope, "Alarms", new TopicProps { DisplayName = $"{settings.Name} alarms" });
        if (settings.AlarmEmail is { } email)
        {
            _ = new Subscription(scope, "AlarmEmail", new SubscriptionProps { Topic = Topic, Protocol = SubscriptionProtocol.EMAIL, Endpoint = email });
        }

        _tell = new SnsAction(Topic);

        Add("Lag", "The read side is behind: so long ago was everything known to be there. Look at orders.sync.stalled, the database's capacity, then `status` of Orders.Sync.",
            Metrics.Sync(MetricNames.Lag, "Maximum"), settings.AlarmLagSeconds, periods: 5, ofThem: 3);
        Add("Stalled", "A shard is behind and nothing is applied, or the stream cannot be read. Orders.Sync's log, `/health/ready` and `status` say why.",
            Metrics.Sync(MetricNames.Stalled, "Maximum"), StalledSeconds, periods: 3, ofThem: 3);
        Add("NobodyReads", "No instance of Orders.Sync holds a shard: the read side stands still. Records live 24 hours. Start it.",
            Metrics.Sync(MetricNames.Leases, "Maximum"), 1, periods: 5, ofThem: 5, ComparisonOperator.LESS_THAN_THRESHOLD, TreatMissingData.BREACHING);
        Add("Gaps", "A part of the stream was lost. A snapshot heals it by itself; if this stays for an hour, run `snapshot`.",
            Metrics.Sync(MetricNames.OpenGaps, "Maximum"), 1, periods: 1, ofThem: 1);
        Add("DeadLetters", "Records were set aside and their orders wait. `dead-letters list` shows why, `dead-letters redrive` puts them back.",
            Metrics.Sync(MetricNames.OpenDeadLetters, "Maximum"), 1, periods: 1, ofThem: 1);

        Add("WriteThrottles", "DynamoDB refused writes. A table on demand takes twice its former peak at once; warm it before more.",
            Metrics.Table(writeStore.Table, "WriteThrottleEvents"), 1, periods: 5, ofThem: 3);
        Add("ReadThrottles", "DynamoDB refused reads: a snapshot or comparison in a hurry, or a retry storm.",
            Metrics.Table(writeStore.Table, "ReadThrottleEvents"), 1, periods: 5, ofThem: 3);
        Add("DatabaseCapacity", "Aurora works at its largest allowed size. Raise databaseMaxCapacity, or find the statement.",
            Metrics.DatabaseCapacity(readModel.Cluster), FullDatabase, periods: 15, ofThem: 10);
        Add("CacheMemory", "Redis is nearly full and begins to drop orders; reads go to Postgres. Raise cacheNodeType.",
            Metrics.CacheMemory(cache.GroupId), FullCache, periods: 5, ofThem: 5);
        if (settings.Warehouse)
        {
            WatchWarehouse(settings);
        }

        if (settings.Redshift)
        {
            WatchRedshift(settings);
        }
    }

    public Topic Topic { get; }

    /// <summary>Watches the responses behind a load balancer.</summary>
    /// <param name="service">Whose load balancer it is; part of the alarms' names.</param>
    /// <param name="loadBalancer">The load balancer.</param>
    public void WatchLoadBalancer(string service, IApplicationLoadBalancer loadBalancer)
    {
        Add($"{service}ServerErrors", $"{service} answers with 5xx. Its log has each of them with a trace id.",
            loadBalancer.Metrics.HttpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, Minutely("Sum")), ServerErrors, periods: 5, ofThem: 2);
        Add($"{service}Unreachable", $"The load balancer finds no {service} that is ready. `/health/ready` of a task says why.",
            loadBalancer.Metrics.HttpCodeElb(HttpCodeElb.ELB_5XX_COUNT, Minutely("Sum")), ServerErrors, periods: 5, ofThem: 2);
    }

    private void WatchWarehouse(OrdersStackSettings settings)
    {
        Add("WarehouseAge", "The lake is behind, or Orders.Warehouse does not run: so old is the newest data in it. Records of the stream live 24 hours. Its log and `status` say why.",
            Metrics.Warehouse(MetricNames.WarehouseAge, "Maximum"), settings.AlarmWarehouseSeconds, periods: 5, ofThem: 5, missing: TreatMissingData.BREACHING);
        Add("Quarantine", "Records that cannot be typed are in the quarantine, and the lake is without them. `status` of Orders.Warehouse counts them; mend what wrote them, then `requeue`.",
            Metrics.Warehouse(MetricNames.WarehouseQuarantine, "Maximum"), 1, periods: 1, ofThem: 1);
        if (settings.WarehouseSqlTables.Count > 0)
        {
            Add("SlotLag", "Aurora keeps half of the log that it may keep for the warehouse. At slotGigabytes the slot is lost, and the tables are read anew. See that Orders.Warehouse reads it.",
                Metrics.Warehouse(MetricNames.SlotLag, "Maximum"), settings.SlotGigabytes * BytesOfGigabyte / 2, periods: 5, ofThem: 3);
            Add("SlotInvalid", "The replication slot is missing or lost. The warehouse makes a new one and reads its tables anew; if this stays, `status` of Orders.Warehouse says why.",
                Metrics.Warehouse(MetricNames.SlotInvalid, "Maximum"), 1, periods: 5, ofThem: 5);
        }
    }

    private void WatchRedshift(OrdersStackSettings settings)
    {
        // A load that is missed is no alarm yet.
        var late = (settings.RedshiftMinutes * SecondsOfMinute * 3) + settings.AlarmWarehouseSeconds;
        Add("LoadFailures", "Loads of Redshift fail. The log of Orders.Warehouse has each; nothing is lost, the next load takes up what is missing.",
            Metrics.Warehouse(MetricNames.LoadFailures, "Sum"), 1, periods: 3 * settings.RedshiftMinutes, ofThem: 2);
        Add("LoadAge", "Redshift is behind: so long ago was the last load that left nothing out.",
            Metrics.Warehouse(MetricNames.LoadAge, "Maximum"), late, periods: 5, ofThem: 5);
        Add("LoadSetAside", "A file of the lake cannot be loaded and was set aside after three tries; Redshift is without its rows. `status` of Orders.Warehouse counts them, the table lake.failed_files in Redshift says why.",
            Metrics.Warehouse(MetricNames.LoadSetAside, "Maximum"), 1, periods: 1, ofThem: 1);
    }

    private static MetricOptions Minutely(string statistic) => new() { Period = Duration.Minutes(1), Statistic = statistic };

    private void Add(
        string name, string meaning, IMetric metric, double threshold, double periods, double ofThem,
        ComparisonOperator comparison = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, TreatMissingData missing = TreatMissingData.NOT_BREACHING)
    {
        var alarm = new Alarm(_scope, $"{name}Alarm", new AlarmProps
        {
            AlarmName = $"{_prefix}-{name}",
            AlarmDescription = meaning,
            Metric = metric,
            Threshold = threshold,
            EvaluationPeriods = periods,
            DatapointsToAlarm = ofThem,
            ComparisonOperator = comparison,
            TreatMissingData = missing,
        });
        alarm.AddAlarmAction(_tell);
        alarm.AddOkAction(_tell);
    }
}
