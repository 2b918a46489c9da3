using Orders.Domain.Fields;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>The tables have the columns that the one declaration of an order says.</summary>
public sealed class OrderColumnsTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Fact]
    public async Task Orders_and_lines_have_the_declared_columns_with_the_declared_types()
    {
        (await ColumnsAsync("orders")).ShouldBe([.. OrderFields.Columns.Select(field => (field.Name, TypeOf(field.Column))), ("place", "numeric")], ignoreOrder: true);
        (await ColumnsAsync("order_items")).ShouldBe(
            [("order_id", "uuid"), (LineFields.OrderItemId, "integer"), .. LineFields.Columns.Select(field => (field.Name, TypeOf(field.Column)))], ignoreOrder: true);
    }

    private async Task<List<(string Name, string Type)>> ColumnsAsync(string table)
    {
        await using var command = fixture.Database.CreateCommand("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1");
        command.Parameters.Add(new() { Value = table });
        await using var rows = await command.ExecuteReaderAsync();
        var columns = new List<(string, string)>();
        while (await rows.ReadAsync())
        {
            columns.Add((rows.GetString(0), rows.GetString(1)));
        }

        return columns;
    }

    private static string TypeOf(ColumnType column) => column == ColumnType.TimestampTz ? "timestamp with time zone" : $"{column}".ToLowerInvariant();
}
