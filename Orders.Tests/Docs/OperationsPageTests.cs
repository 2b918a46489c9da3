using Orders.Tests.Outages;
using Shouldly;
using Xunit;

namespace Orders.Tests.Docs;

/// <summary>
/// The tables of <c>docs/operations.md</c> and the tests of the outages have the same cells. What a cell
/// says is compared by the test of the cell.
/// </summary>
public sealed class OperationsPageTests
{
    [Fact]
    public void Every_cell_of_the_page_has_its_test_and_every_test_its_cell()
    {
        OperationsPage.Cells.Count.ShouldBeGreaterThan(60);
        OperationsPage.Cells.Keys.ShouldBe(OutageCell.All, ignoreOrder: true);
    }

    [Fact]
    public void Every_service_of_the_page_has_its_class_of_tests()
    {
        var classes = typeof(OutageTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(OutageTests))).ToList();

        classes.Count.ShouldBe(OutageCell.All.Select(cell => cell.Service).Distinct(StringComparer.Ordinal).Count());
    }
}
