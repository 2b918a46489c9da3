using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of idle shards, for moments.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickIdleTests
{
    [Fact]
    public async Task Calls_to_an_idle_shard_are_counted_and_an_order_after_silence_is_seen()
    {
        var table = await QuickRun.TableAsync("idle");

        table.ShouldCompare("calls to an idle shard a second", "Lambda");
        table.ShouldCompare("calls to an idle shard a second", "KCL with the streams adapter");
        table.ShouldContain(line => line.Contains("processor time for an idle hour"));
        table.ShouldContain(line => line.Contains("seen after silence"));
    }
}
