using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Orders.Infra.Watch;
using Orders.Query.Metrics;
using Orders.ServiceDefaults.Telemetry;
using Orders.Sync;
using Orders.Sync.Projection;
using Orders.Sync.Status;
using Orders.Warehouse;
using Orders.Warehouse.Consuming;
using Orders.Warehouse.Redshift;
using Orders.Warehouse.Status;
using Orders.Warehouse.Tables;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

public sealed partial class WatchTests(SynthesizedStacks stacks)
{
    private static readonly string[] PlatformMetrics = [MetricNames.RequestDuration];

    [Fact]
    public void Each_thing_that_a_person_must_know_has_an_alarm_that_tells_somebody()
    {
        var topic = stacks.Whole.Json.Only("AWS::SNS::Topic").Name;
        var alarms = stacks.Whole.Json.OfType("AWS::CloudWatch::Alarm").ToList();

        alarms.Select(alarm => alarm.Text("AlarmName")).ShouldBe(
            [
                "orders-Lag", "orders-Stalled", "orders-NobodyReads", "orders-Gaps", "orders-DeadLetters", "orders-WriteThrottles", "orders-ReadThrottles",
                "orders-DatabaseCapacity", "orders-CacheMemory",
                "orders-WarehouseAge", "orders-Quarantine", "orders-SlotLag", "orders-SlotInvalid", "orders-LoadFailures", "orders-LoadAge", "orders-LoadSetAside",
                "orders-ApiServerErrors", "orders-ApiUnreachable", "orders-QueryServerErrors", "orders-QueryUnreachable", "orders-GraphQlServerErrors", "orders-GraphQlUnreachable",
            ],
            ignoreOrder: true);
        alarms.ShouldAllBe(alarm => TemplateJson.Target(alarm["AlarmActions"][0]) == topic && alarm.Text("AlarmDescription").Length > 0);
        stacks.Whole.Json.Only("AWS::SNS::Subscription").Text("Endpoint").ShouldBe("me@example.com");
        stacks.Trial.Json.OfType("AWS::SNS::Subscription").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Lag", "Orders", "orders.sync.lag", 60)]
    [InlineData("Stalled", "Orders", "orders.sync.stalled", 30)]
    [InlineData("Gaps", "Orders", "orders.sync.gaps.open", 1)]
    [InlineData("DeadLetters", "Orders", "orders.sync.dead_letters.open", 1)]
    [InlineData("Quarantine", "Orders", "orders.warehouse.quarantine", 1)]
    [InlineData("SlotLag", "Orders", "orders.warehouse.slot.lag", 10_737_418_240)]
    [InlineData("SlotInvalid", "Orders", "orders.warehouse.slot.invalid", 1)]
    [InlineData("LoadFailures", "Orders", "orders.warehouse.redshift.failures", 1)]
    [InlineData("LoadAge", "Orders", "orders.warehouse.redshift.age", 1_200)]
    [InlineData("LoadSetAside", "Orders", "orders.warehouse.redshift.set_aside", 1)]
    [InlineData("WriteThrottles", "AWS/DynamoDB", "WriteThrottleEvents", 1)]
    [InlineData("ReadThrottles", "AWS/DynamoDB", "ReadThrottleEvents", 1)]
    [InlineData("DatabaseCapacity", "AWS/RDS", "ACUUtilization", 90)]
    [InlineData("CacheMemory", "AWS/ElastiCache", "DatabaseMemoryUsagePercentage", 80)]
    [InlineData("GraphQlServerErrors", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", 5)]
    [InlineData("ApiUnreachable", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", 5)]
    public void An_alarm_rises_with_its_metric(string name, string space, string metric, double threshold)
    {
        var alarm = stacks.Whole.Json.Named("AWS::CloudWatch::Alarm", $"{name}Alarm");

        (alarm.Text("Namespace"), alarm.Text("MetricName"), alarm["Threshold"].GetDouble()).ShouldBe((space, metric, threshold));
        alarm.Text("ComparisonOperator").ShouldBe("GreaterThanOrEqualToThreshold");
        alarm.Text("TreatMissingData").ShouldBe("notBreaching");
    }

    [Fact]
    public void A_stream_that_nobody_reads_raises_an_alarm_also_when_nobody_is_there_to_say_so()
    {
        var alarm = stacks.Whole.Json.Named("AWS::CloudWatch::Alarm", "NobodyReadsAlarm");

        (alarm.Text("MetricName"), alarm["Threshold"].GetDouble(), alarm.Text("ComparisonOperator"), alarm.Text("TreatMissingData"))
            .ShouldBe(("orders.sync.leases", 1, "LessThanThreshold", "breaching"));
    }

    [Fact]
    public void A_warehouse_that_is_behind_raises_an_alarm_also_when_nobody_is_there_to_say_so()
    {
        var alarm = stacks.Whole.Json.Named("AWS::CloudWatch::Alarm", "WarehouseAgeAlarm");

        (alarm.Text("MetricName"), alarm["Threshold"].GetDouble(), alarm.Text("ComparisonOperator"), alarm.Text("TreatMissingData"))
            .ShouldBe(("orders.warehouse.age", 300, "GreaterThanOrEqualToThreshold", "breaching"));
    }

    [Fact]
    public void What_the_stack_does_not_have_has_no_alarm()
    {
        Names(stacks.Trial).ShouldNotContain(name => name.Contains("Slot") || name.Contains("Load"), "it has no table that SQL owns, and no Redshift");
        Names(stacks.Trial).ShouldContain("orders-WarehouseAge");
        Names(stacks.Small).ShouldNotContain(name => name.Contains("Warehouse") || name.Contains("Quarantine"));

        static List<string> Names(SynthesizedStack stack) => [.. stack.Json.OfType("AWS::CloudWatch::Alarm").Select(alarm => alarm.Text("AlarmName"))];
    }

    [Fact]
    public async Task What_the_alarms_look_at_is_what_the_services_emit_and_the_collector_hands_on()
    {
        var emitted = await EmittedAsync();
        var handedOn = MetricLine().Matches(Collector()).Select(match => match.Groups["name"].Value).ToList();
        var lookedAt = stacks.Whole.Json.OfType("AWS::CloudWatch::Alarm").Where(alarm => alarm.Text("Namespace") == MetricNames.Namespace).ToList();

        handedOn.Except(emitted).Except(PlatformMetrics).ShouldBeEmpty();
        typeof(MetricNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)
            .Where(name => name is not (MetricNames.Namespace or MetricNames.ServiceDimension)).Except(handedOn).ShouldBeEmpty();
        lookedAt.Count.ShouldBe(12);
        lookedAt.ShouldAllBe(alarm => alarm["Dimensions"][0].GetProperty("Name").GetString() == "service.name"
            && alarm["Dimensions"][0].GetProperty("Value").GetString() == (alarm.Text("MetricName").StartsWith("orders.warehouse.", StringComparison.Ordinal) ? WarehouseHost.ServiceName : ProjectionTrace.ServiceName));
        Collector().ShouldContain("dimensions: [[service.name]]");
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Sync")]
    [InlineData("Query")]
    [InlineData("Warehouse")]
    public void Each_service_sends_to_a_collector_beside_it_which_it_can_live_without(string service)
    {
        var task = new ServiceTask(stacks.Whole.Json, service);
        var collector = task.Containers.Single(container => container.GetProperty("Name").GetString() == "collector");

        collector.GetProperty("Essential").GetBoolean().ShouldBeFalse();
        TemplateJson.Text(collector.GetProperty("Image")).ShouldContain("cdk-hnb659fds-container-assets");
        task.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://127.0.0.1:4317");
        Collector().ShouldContain("endpoint: 127.0.0.1:4317");
        var variables = collector.GetProperty("Environment").EnumerateArray().Select(pair => pair.GetProperty("Name").GetString()!).ToList();
        VariableInYaml().Matches(Collector()).Select(match => match.Groups["name"].Value).Distinct().ShouldBe(variables, ignoreOrder: true);
    }

    [Fact]
    public void The_dashboard_shows_what_the_alarms_look_at()
    {
        var body = stacks.Whole.Json.Only("AWS::CloudWatch::Dashboard").Text("DashboardBody");

        foreach (var name in new[] { "orders.sync.lag", "orders.sync.gaps.open", "orders.sync.dead_letters.open", "ACUUtilization", "WriteThrottleEvents",
            "orders.warehouse.age", "orders.warehouse.quarantine", "orders.warehouse.slot.lag", "orders.warehouse.redshift.failures" })
        {
            body.ShouldContain(name);
        }
    }

    private static string Collector() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Collector", "collector.yaml"));

    private static async Task<HashSet<string>> EmittedAsync()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            lock (names)
            {
                if (instrument.Meter.Name == Telemetry.Name)
                {
                    names.Add(instrument.Name);
                }
            }
        };
        listener.Start();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1",
            ["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:1",
        };
        await using var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        _ = app.Services.GetRequiredService<SyncMetrics>();
        _ = app.Services.GetRequiredService<Backlog>();
        _ = QueryMetrics.Waiters;
        _ = new WarehouseMetrics();
        _ = new StatusMetrics();
        _ = new RedshiftMetrics();
        _ = new TablesMetrics();
        lock (names)
        {
            return [.. names];
        }
    }

    [GeneratedRegex(@"^ +- (?<name>[a-z_]+(\.[a-z_]+)+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex MetricLine();

    [GeneratedRegex(@"\$\{env:(?<name>[A-Z_]+)\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex VariableInYaml();
}
