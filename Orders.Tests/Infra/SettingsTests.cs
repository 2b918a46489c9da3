using Orders.Infra;
using Orders.Infra.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

public sealed class SettingsTests
{
    [Fact]
    public void The_defaults_are_good() => new OrdersStackSettings().Check().TableName.ShouldBe("orders");

    [Theory]
    [InlineData("name", "Orders")]
    [InlineData("name", "1orders")]
    [InlineData("name", "a-name-of-more-than-thirty-letters")]
    [InlineData("tableName", "ab")]
    [InlineData("tableName", "or ders")]
    [InlineData("databaseName", "Orders")]
    [InlineData("vpcCidr", "10.20.0.0")]
    [InlineData("vpcCidr", "10.20.0.0/24")]
    [InlineData("vpcCidr", "fd00::/16")]
    [InlineData("zones", "1")]
    [InlineData("zones", "two")]
    [InlineData("postgresVersion", "15.2")]
    [InlineData("postgresVersion", "17")]
    [InlineData("databaseMinCapacity", "0.3")]
    [InlineData("databaseMinCapacity", "0,5")]
    [InlineData("databaseMaxCapacity", "0.5")]
    [InlineData("databaseMaxCapacity", "300")]
    [InlineData("databaseReaders", "16")]
    [InlineData("databaseBackupDays", "0")]
    [InlineData("cacheNodeType", "t4g.small")]
    [InlineData("cacheReplicas", "-1")]
    [InlineData("cacheVersion", "latest")]
    [InlineData("warehouse", "no")]
    [InlineData("warehouseCpu", "300")]
    [InlineData("warehouseMemory", "512")]
    [InlineData("warehouseDisk", "20")]
    [InlineData("warehouseKey", "shop")]
    [InlineData("slotGigabytes", "0")]
    [InlineData("lakeTieringDays", "-1")]
    [InlineData("lakeRecoveryDays", "31")]
    [InlineData("alarmWarehouseSeconds", "5")]
    [InlineData("redshiftCapacity", "12")]
    [InlineData("redshiftMaxCapacity", "4")]
    [InlineData("redshiftMinutes", "0")]
    [InlineData("keepData", "yes")]
    [InlineData("existingTable", "here")]
    [InlineData("endpoints", "1")]
    [InlineData("logDays", "31")]
    [InlineData("traceRatio", "1.5")]
    [InlineData("traceRatio", "NaN")]
    [InlineData("alarmEmail", "me")]
    [InlineData("alarmLagSeconds", "0")]
    [InlineData("writeKey", "shop")]
    [InlineData("readKey", "shop:sha256:secret")]
    [InlineData("operationsKey", "sh op:sha256:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("certificateArn", "my certificate")]
    [InlineData("tasks", "0")]
    [InlineData("taskCpu", "500")]
    [InlineData("taskMemory", "512")]
    public void A_wrong_parameter_is_named(string name, string value)
    {
        var problem = Should.Throw<StackSettingException>(() => Read($"{name}={value}").Check());

        problem.Parameter.ShouldBe(name);
        problem.Message.ShouldStartWith(name + ": ");
    }

    [Fact]
    public void What_is_no_parameter_is_told_with_the_list_of_those_that_are()
    {
        var problem = Should.Throw<StackSettingException>(() => Read("tablename=orders"));

        problem.Message.ShouldContain("tablename: There is no such parameter.");
        problem.Message.ShouldContain("tableName, ");
    }

    [Fact]
    public void Every_parameter_is_read()
    {
        var settings = Read(
            "name=shop", "tableName=shop-orders", "existingTable=true", "databaseName=shop", "vpcCidr=10.9.0.0/16", "zones=3", "vpcId=vpc-0a1b2c3d", "vpcZones=a,b", "privateSubnets=s1, s2",
            "publicSubnets=s3,s4", "privateRouteTables=r1,r2", "endpoints=true", "postgresVersion=16.4", "databaseMinCapacity=1.5", "databaseMaxCapacity=16", "databaseReaders=2",
            "databaseBackupDays=7", "cacheNodeType=cache.r7g.large", "cacheReplicas=2", "cacheVersion=7.2", "lakeTieringDays=0", "lakeRecoveryDays=28",
            "keepData=false", "logDays=7", "traceRatio=0.5", "collectorImage=c:1", "alarmEmail=me@example.com", "alarmLagSeconds=10",
            $"writeKey=w:{SynthesizedStacks.KeyHashText}", $"readKey=r:{SynthesizedStacks.KeyHashText}", $"operationsKey=o:{SynthesizedStacks.KeyHashText}",
            "apiImage=a:1", "syncImage=s:1", "queryImage=q:1", "graphqlImage=g:1", "certificateArn=arn:aws:acm:eu-central-1:123456789012:certificate/1",
            "apiDomain=api.example.com", "queryDomain=orders.example.com", "graphqlDomain=graphql.example.com", "hostedZoneId=Z1", "hostedZoneName=example.com", "tasks=3", "taskCpu=1024", "taskMemory=2048",
            "warehouse=false", "warehouseImage=w:1", "warehouseCpu=2048", "warehouseMemory=8192", "warehouseDisk=100", $"warehouseKey=a:{SynthesizedStacks.KeyHashText}", "warehouseSqlTables=merchants,people",
            "slotGigabytes=5", "alarmWarehouseSeconds=900", "redshift=true", "redshiftCapacity=16", "redshiftMaxCapacity=64", "redshiftMinutes=15");

        var defaults = new OrdersStackSettings();
        foreach (var property in typeof(OrdersStackSettings).GetProperties().Where(property => property.CanWrite))
        {
            property.GetValue(settings).ShouldNotBe(property.GetValue(defaults), property.Name);
        }

        settings.Vpc.ShouldNotBeNull().PrivateSubnets.ShouldBe(["s1", "s2"]);
        settings.WriteKey.ShouldBe(new KeyHash("w", SynthesizedStacks.KeyHashText));
        settings.QueryImage.ShouldBe("q:1");
        (settings.WarehouseMemory, settings.TraceRatio, settings.KeepData).ShouldBe((8192, 0.5, false));
        (settings with { Warehouse = true }).Check();
    }

    [Fact]
    public void Redshift_without_the_warehouse_is_refused() => Should.Throw<StackSettingException>(() => Read("redshift=true", "warehouse=false").Check()).Parameter.ShouldBe("redshift");

    [Fact]
    public void A_parameter_that_is_given_twice_is_named() =>
        Should.Throw<StackSettingException>(() => Read("tasks=1", "tasks=2")).Message.ShouldStartWith("tasks: It is given twice.");

    [Fact]
    public void A_blank_value_is_none() => Read("tableName= ").ShouldBe(new OrdersStackSettings());

    [Theory]
    [InlineData("vpcId", "vpcZones=a,b")]
    [InlineData("vpcId", "vpcId=main", "vpcZones=a,b", "privateSubnets=s1,s2")]
    [InlineData("vpcZones", "vpcId=vpc-0a1b2c3d", "vpcZones=a", "privateSubnets=s1")]
    [InlineData("privateSubnets", "vpcId=vpc-0a1b2c3d", "vpcZones=a,b", "privateSubnets=s1")]
    [InlineData("publicSubnets", "vpcId=vpc-0a1b2c3d", "vpcZones=a,b", "privateSubnets=s1,s2", "publicSubnets=s3")]
    [InlineData("privateRouteTables", "vpcId=vpc-0a1b2c3d", "vpcZones=a,b", "privateSubnets=s1,s2", "endpoints=true")]
    public void What_is_half_given_is_told_by_the_name_of_the_other_half(string parameter, params string[] arguments) =>
        Should.Throw<StackSettingException>(() => Read(arguments).Check()).Parameter.ShouldBe(parameter);

    private static OrdersStackSettings Read(params string[] arguments) => SettingsReader.Read(Arguments.Read(arguments).GetValueOrDefault);
}
