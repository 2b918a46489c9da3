using Orders.Tests.Chaos;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Operations;

/// <summary>A long command as a person runs it: in a shell, and stopped by Ctrl-C.</summary>
public sealed class InterruptedCommandTests(TableFixture fixture) : IClassFixture<TableFixture>
{
    private const int Interrupt = 2;
    private const int Items = 60;

    [Fact]
    public async Task Ctrl_C_ends_it_with_a_clear_line_and_the_same_command_goes_on_from_there()
    {
        await fixture.ResetAsync();
        await fixture.PutAsync(Enumerable.Range(1, Items).Select(i => SampleOrders.Placed(i)));
        var settings = fixture.Stores.Settings;
        settings["Sync:Snapshot:Segments"] = "1";
        settings["Sync:Snapshot:PageItems"] = "5";
        settings["Sync:Snapshot:ItemsPerSecond"] = "5";

        await using var first = ServiceProcess.Start(settings, "snapshot");
        await Eventually.HoldsAsync(async () => await ReadAsync() >= 10);
        first.Signal(Interrupt);
        var stopped = await first.ExitAsync();
        var read = await ReadAsync();

        stopped.ExitCode.ShouldBe(1);
        stopped.Output.ShouldContain("Stopped. What is committed stays; run the command again to go on.");
        stopped.Output.ShouldNotContain("   at ");
        read.ShouldBeLessThan(Items);

        settings["Sync:Snapshot:ItemsPerSecond"] = "0";
        await using var second = ServiceProcess.Start(settings, "snapshot");
        var completed = await second.ExitAsync();

        // Had it started over, it would have read the first pages twice, or be another snapshot.
        completed.ExitCode.ShouldBe(0, completed.Output);
        completed.Output.ShouldContain($"completed: {Items} items read, {Items} orders; {Items} written");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.snapshots")).ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(Items);
    }

    private Task<int> ReadAsync() => fixture.ScalarAsync<int>("SELECT coalesce(sum(items), 0) FROM sync.snapshot_segments");
}
