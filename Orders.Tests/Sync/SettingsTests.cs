using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;
using Orders.Sync.Consuming;
using Orders.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync;

public sealed class SettingsTests
{
    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var settings = SnapshotSettings.Read(Configuration());
        (settings.IsAutomatic, settings.Scan.Segments, settings.Scan.PageItems, settings.Scan.ItemsPerSecond, settings.Scan.CapacityUnitsPerSecond).ShouldBe((true, 4, 500, 5_000, null));
        ReadinessSettings.Read(Configuration()).StalledAfter.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_is_set_counts_and_zero_is_no_bound()
    {
        var settings = SnapshotSettings.Read(Configuration(("Sync:Snapshot:Automatic", "False"), ("Sync:Snapshot:ItemsPerSecond", "0"), ("Sync:Snapshot:CapacityUnitsPerSecond", "0.5"), ("Sync:Snapshot:Segments", "1000")));
        (settings.IsAutomatic, settings.Scan.Segments, settings.Scan.ItemsPerSecond, settings.Scan.CapacityUnitsPerSecond).ShouldBe((false, 1_000, null, 0.5));
        ReadinessSettings.Read(Configuration(("Sync:Readiness:StalledAfterSeconds", "3600"))).StalledAfter.ShouldBe(TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("Sync:Snapshot:Automatic", "yes")]
    [InlineData("Sync:Snapshot:ItemsPerSecond", "-1")]
    [InlineData("Sync:Snapshot:ItemsPerSecond", "NaN")]
    [InlineData("Sync:Snapshot:CapacityUnitsPerSecond", "many")]
    [InlineData("Sync:Snapshot:Segments", "0")]
    [InlineData("Sync:Snapshot:Segments", "1.5")]
    [InlineData("Sync:Snapshot:PageItems", "10001")]
    [InlineData("Sync:Readiness:StalledAfterSeconds", "0")]
    [InlineData("Sync:Readiness:StalledAfterSeconds", "1e3")]
    public void What_is_wrong_is_told_with_the_variable_the_value_and_the_way_out(string name, string value)
    {
        var configuration = Configuration((name, value));
        var fault = Should.Throw<SettingsException>(() => name.Contains("Snapshot", StringComparison.Ordinal) ? (object)SnapshotSettings.Read(configuration) : ReadinessSettings.Read(configuration));

        fault.Message.ShouldContain(name.Replace(":", "__", StringComparison.Ordinal));
        fault.Message.ShouldContain($"'{value}'");
        fault.Message.ShouldContain("leave it out");
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var fault = Should.Throw<SettingsException>(() => SnapshotSettings.Read(Configuration(("Sync:Snapshot:Segments", "none"), ("Sync:Snapshot:PageItems", "0"))));
        fault.Message.ShouldContain("Sync__Snapshot__Segments");
        fault.Message.ShouldContain("Sync__Snapshot__PageItems");
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value))).Build();
}
