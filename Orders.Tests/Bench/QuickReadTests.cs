using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of reads, for moments.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickReadTests
{
    [Fact]
    public async Task Each_size_of_an_order_is_read_in_every_way()
    {
        // An answer other than 200 ends the run with an error.
        var table = await QuickRun.TableAsync("read");

        foreach (var size in new[] { "1 line, from Redis", "20 lines, from Redis" })
        {
            foreach (var rival in new[] { "plus one bare Redis GET", "the same server, a constant", "an empty server, a constant", "from Postgres", "a new Redis connection per read" })
            {
                table.ShouldCompare(size, rival);
            }

            table.ShouldCompare(size + ", p99", "plus one bare Redis GET");
        }
    }
}
