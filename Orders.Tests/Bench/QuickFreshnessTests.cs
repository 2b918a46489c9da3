using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of freshness, with few orders.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickFreshnessTests
{
    [Fact]
    public async Task Every_consumer_shows_every_order_and_ours_is_beside_each_of_them_and_the_limit()
    {
        // An order that one of them does not show, or rows that differ, end the run with an error.
        var table = await QuickRun.TableAsync("freshness");

        foreach (var share in new[] { "p50", "p99" })
        {
            table.ShouldCompare(share, "Lambda, published");
            table.ShouldCompare(share, "polling every 250 ms, as Lambda");
            table.ShouldCompare(share, "polling every second, as KCL");
        }

        table.ShouldCompare("calls of GetRecords a second", "polling every second, as KCL");
        table.ShouldCompare("p50", "the limit: its hops one by one, summed");
    }
}
