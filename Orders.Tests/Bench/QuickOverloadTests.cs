using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of too many requests, for moments.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickOverloadTests
{
    [Fact]
    public async Task Too_many_requests_are_done_or_told_to_come_later_and_another_merchant_is_served()
    {
        var table = await QuickRun.TableAsync("overload");

        foreach (var flood in new[] { "lists", "batches" })
        {
            table.ShouldContain(line => line.Contains($"{flood} accepted, the slowest"));
            table.Single(line => line.Contains($"{flood} neither done nor told when")).Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[2].ShouldBe("0");
        }

        table.ShouldContain(line => line.Contains("another's by id under lists, p99"));
        table.ShouldContain(line => line.Contains("another's place under batches, p99"));
    }
}
