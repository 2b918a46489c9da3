using Npgsql;
using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Sync.Projection;

/// <summary>
/// The columns of <c>orders</c> and <c>order_items</c>, as <see cref="OrderFields"/> and
/// <see cref="LineFields"/> declare them, in the forms that statements need.
/// </summary>
internal static class OrderColumns
{
    // The columns that identify a state of an order (key, version and time) are separate in the statements.
    private static readonly Field<Order>[] Stamp = [OrderFields.OrderId, OrderFields.Version, OrderFields.UpdatedAt];

    /// <summary>All columns of an order.</summary>
    public static readonly ColumnWriter<Order>[] OfOrder = Writers(OrderFields.Columns);

    /// <summary>The columns that do not identify a state.</summary>
    public static readonly ColumnWriter<Order>[] Content = Writers(OrderFields.Columns.Except(Stamp));

    /// <summary>All columns of a line but its key.</summary>
    public static readonly ColumnWriter<OrderLine>[] OfLine = Writers(LineFields.Columns);

    /// <summary>The names of <see cref="OfOrder"/> with commas between.</summary>
    public static readonly string Names = Join(OfOrder, name => name);

    /// <summary>The names of <see cref="OfLine"/> with commas between.</summary>
    public static readonly string LineNames = Join(OfLine, name => name);

    /// <summary>Writes each column by its name, with commas between.</summary>
    /// <param name="columns">Which.</param>
    /// <param name="write">Writes one.</param>
    public static string Join<TRow>(IEnumerable<ColumnWriter<TRow>> columns, Func<string, string> write) => string.Join(", ", columns.Select(column => write(column.Name)));

    /// <summary>The columns of many orders, an array each.</summary>
    /// <param name="columns">Which.</param>
    /// <param name="changes">The orders.</param>
    public static IEnumerable<NpgsqlParameter> Parameters(ColumnWriter<Order>[] columns, IReadOnlyList<OrderChange> changes) =>
        columns.Select(column => column.Parameter(changes, change => change.Order));

    private static ColumnWriter<TRow>[] Writers<TRow>(IEnumerable<Field<TRow>> fields) => [.. fields.Select(field => field.Accept(new Maker<TRow>()))];

    private sealed class Maker<TRow> : IFieldVisitor<TRow, ColumnWriter<TRow>>
    {
        public ColumnWriter<TRow> Visit<TValue>(Field<TRow, TValue> field) => new ColumnWriter<TRow, TValue>(field);
    }
}
