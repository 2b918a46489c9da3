using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of growth, with few orders.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickGrowthTests
{
    [Fact]
    public async Task Changes_arrive_beside_any_number_of_orders_and_each_cost_is_beside_that_of_fewer()
    {
        // Orders that are missing after the changes, or that a read does not find, end the run with an
        // error.
        var table = await QuickRun.TableAsync("growth");

        foreach (var what in new[] { "a change", "allocated for a change", "a read from Redis", "a read from Postgres" })
        {
            table.ShouldCompare($"{what} beside 2 000", "beside 1 000");
        }

        table.ShouldContain(row => row.Contains("kept in memory after changes beside 2 000", StringComparison.Ordinal));
    }
}
