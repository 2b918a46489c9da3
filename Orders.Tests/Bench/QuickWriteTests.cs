using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of writes, for moments.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickWriteTests
{
    [Fact]
    public async Task Orders_are_taken_with_and_without_a_key_beside_bare_puts_and_the_emulator_itself()
    {
        // An answer other than 201 ends the run with an error.
        var table = await QuickRun.TableAsync("write");

        table.ShouldCompare("without a key", "a bare endpoint with PutItem");
        table.ShouldCompare("without a key", "a bare endpoint with PutItem, with our condition");
        table.ShouldCompare("with a key", "a bare endpoint with TransactWriteItems");
        table.ShouldCompare("without a key", "PutItem through the SDK");
    }
}
