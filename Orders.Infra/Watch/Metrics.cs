using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.RDS;

namespace Orders.Infra.Watch;

/// <summary>The metrics of the alarms and the dashboard, by the minute.</summary>
internal static class Metrics
{
    public static Metric Sync(string name, string statistic) => Own("orders-sync", name, statistic);

    public static Metric Warehouse(string name, string statistic) => Own("orders-warehouse", name, statistic);

    public static Metric Own(string service, string name, string statistic) => Make(MetricNames.Namespace, name, statistic, MetricNames.ServiceDimension, service);

    public static Metric Table(ITable table, string name) => Make("AWS/DynamoDB", name, "Sum", "TableName", table.TableName);

    public static Metric DatabaseCapacity(IDatabaseCluster cluster) => Make("AWS/RDS", "ACUUtilization", "Maximum", "DBClusterIdentifier", cluster.ClusterIdentifier);

    // A node's name is the group's name with a number; a failover changes roles, not names. Node 001 stands
    // for the group.
    public static Metric CacheMemory(string groupId) => Make("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "Maximum", "CacheClusterId", $"{groupId}-001");

    private static Metric Make(string space, string name, string statistic, string dimension, string value) => new(new MetricProps
    {
        Namespace = space,
        MetricName = name,
        Statistic = statistic,
        Period = Duration.Minutes(1),
        DimensionsMap = new Dictionary<string, string>(StringComparer.Ordinal) { [dimension] = value },
    });
}
