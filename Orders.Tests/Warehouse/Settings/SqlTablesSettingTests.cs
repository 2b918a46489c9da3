using Microsoft.Extensions.Configuration;
using Orders.Warehouse.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Settings;

/// <summary>
/// The tables that SQL owns: only a setting that is not there means the demonstration's table.
/// </summary>
public sealed class SqlTablesSettingTests
{
    private const string Setting = "Orders__Warehouse__SqlTables";

    [Theory]
    [InlineData(null, true, "merchants")]
    [InlineData(null, false, "")]
    [InlineData("", true, "")]
    [InlineData("  ", true, "")]
    [InlineData(" , ", true, "")]
    [InlineData("", false, "")]
    [InlineData("a, sales.b", true, "a sales.b")]
    [InlineData("merchants", false, "merchants")]
    public void An_empty_list_means_no_table_in_Development_too(string? value, bool isDevelopment, string tables)
    {
        var configuration = new ConfigurationBuilder();
        if (value is not null)
        {
            configuration.AddInMemoryCollection([new("Orders:Warehouse:SqlTables", value)]);
        }

        string.Join(' ', WarehouseSettings.Read(configuration.Build(), isDevelopment).SqlTables).ShouldBe(tables);
    }

    [Fact]
    public void An_empty_variable_or_argument_wins_over_a_file_that_names_tables()
    {
        var variable = $"ORDERS_TEST_{Setting}";
        var names = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Orders:Warehouse:SqlTables"] = "a" };
        Environment.SetEnvironmentVariable(variable, "");
        try
        {
            var byVariable = new ConfigurationBuilder().AddInMemoryCollection(names).AddEnvironmentVariables("ORDERS_TEST_").Build();
            WarehouseSettings.Read(byVariable, isDevelopment: true).SqlTables.ShouldBeEmpty();
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        var byArgument = new ConfigurationBuilder().AddInMemoryCollection(names).AddCommandLine(["--Orders:Warehouse:SqlTables="]).Build();
        WarehouseSettings.Read(byArgument, isDevelopment: true).SqlTables.ShouldBeEmpty();
    }
}
