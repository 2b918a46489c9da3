using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of the warehouse, with few changes.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickWarehouseTests
{
    [Fact]
    public async Task Changes_arrive_in_the_lake_beside_the_third_seed_s_table_and_both_answer_every_question()
    {
        // A change that is missing, or a question without an answer, ends the run with an error.
        var table = await QuickRun.TableAsync("warehouse");

        foreach (var what in new[] { "changes of one core", "bytes of a change", "seen by a query, p50" })
        {
            table.ShouldCompare(what, "a JSON file each 5 s, loaded by COPY");
        }

        foreach (var question in new[] { "revenue by day and currency", "top merchants by country", "top products", "from placed to shipped", "cancellations by month" })
        {
            table.ShouldCompare(question, "a table of changes, a tenth of them");
        }
    }
}
