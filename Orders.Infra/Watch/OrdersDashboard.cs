using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Constructs;
using Orders.Infra.Data;
using Orders.Infra.Settings;

namespace Orders.Infra.Watch;

/// <summary>
/// One page: incoming requests, the lag of the read model, open work, the warehouse, and the usage of the
/// stores.
/// </summary>
internal static class OrdersDashboard
{
    private const int Half = 12;

    public static void Make(Construct scope, OrdersStackSettings settings, WriteStore writeStore, ReadModel readModel, ReadCache cache) =>
        _ = new Dashboard(scope, "Dashboard", new DashboardProps
        {
            DashboardName = settings.Name,
            DefaultInterval = Duration.Hours(3),
            Widgets =
            [
                [
                    Graph("Lag of the read side, s", Metrics.Sync(MetricNames.Lag, "Maximum"), Metrics.Sync(MetricNames.Stalled, "Maximum")),
                    Graph("Records applied", Metrics.Sync(MetricNames.Records, "Sum")),
                ],
                [
                    Graph("To look after", Metrics.Sync(MetricNames.OpenGaps, "Maximum"), Metrics.Sync(MetricNames.OpenDeadLetters, "Maximum"), Metrics.Sync(MetricNames.OpenCacheRepairs, "Maximum"), Metrics.Sync(MetricNames.OpenDoubts, "Maximum")),
                    Graph("Shards held", Metrics.Sync(MetricNames.Leases, "Maximum")),
                ],
                [
                    Graph("Changes passed over", Metrics.Sync(MetricNames.PassedOver, "Sum")),
                    Graph("Writers' clocks are off by, s", Metrics.Sync(MetricNames.WriterClockOffset, "Maximum")),
                ],
                [
                    Graph("Requests, s", Metrics.Own("orders-api", MetricNames.RequestDuration, "Average"), Metrics.Own("orders-query", MetricNames.RequestDuration, "Average")),
                    Graph("Requests", Metrics.Own("orders-api", MetricNames.RequestDuration, "SampleCount"), Metrics.Own("orders-query", MetricNames.RequestDuration, "SampleCount")),
                ],
                [
                    Graph("DynamoDB", Metrics.Table(writeStore.Table, "ConsumedWriteCapacityUnits"), Metrics.Table(writeStore.Table, "WriteThrottleEvents"), Metrics.Table(writeStore.Table, "ReadThrottleEvents")),
                    Graph("Stores, %", Metrics.DatabaseCapacity(readModel.Cluster), Metrics.CacheMemory(cache.GroupId)),
                ],
                .. Warehouse(settings),
            ],
        });

    private static IEnumerable<IWidget[]> Warehouse(OrdersStackSettings settings)
    {
        if (settings.Warehouse)
        {
            yield return
            [
                Graph("Age of the warehouse, s", [Metrics.Warehouse(MetricNames.WarehouseAge, "Maximum"), .. Loads(settings, Metrics.Warehouse(MetricNames.LoadAge, "Maximum"))]),
                Graph("Changes written into the lake", Metrics.Warehouse(MetricNames.WarehouseChanges, "Sum")),
            ];
            yield return
            [
                Graph("Warehouse: to look after",
                    [Metrics.Warehouse(MetricNames.WarehouseQuarantine, "Maximum"), .. Loads(settings, Metrics.Warehouse(MetricNames.LoadFailures, "Sum"), Metrics.Warehouse(MetricNames.LoadSetAside, "Maximum"))]),
                Graph("Log that Aurora keeps for the warehouse, bytes", Metrics.Warehouse(MetricNames.SlotLag, "Maximum")),
            ];
        }
    }

    private static IMetric[] Loads(OrdersStackSettings settings, params IMetric[] metrics) => settings.Redshift ? metrics : [];

    private static GraphWidget Graph(string title, params IMetric[] metrics) => new(new GraphWidgetProps { Title = title, Width = Half, Left = metrics });
}
