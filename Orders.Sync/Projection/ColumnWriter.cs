using Npgsql;
using NpgsqlTypes;
using Orders.Domain.Fields;

namespace Orders.Sync.Projection;

/// <summary>Writes a declared field into its column.</summary>
/// <typeparam name="TRow">The owner of the field: an order or a line.</typeparam>
/// <param name="name">The column.</param>
internal abstract class ColumnWriter<TRow>(string name)
{
    public string Name => name;

    /// <summary>The column of many rows, as a parameter of a statement: an array.</summary>
    /// <param name="sources">The sources of the rows.</param>
    /// <param name="row">Gets the row of a source.</param>
    public abstract NpgsqlParameter Parameter<TSource>(IReadOnlyList<TSource> sources, Func<TSource, TRow> row);

    /// <summary>The column of one row, for COPY.</summary>
    public abstract Task WriteAsync(NpgsqlBinaryImporter import, TRow row, CancellationToken cancellationToken);
}

/// <summary>Writes a field of one type.</summary>
internal sealed class ColumnWriter<TRow, TValue>(Field<TRow, TValue> field) : ColumnWriter<TRow>(field.Name)
{
    private readonly NpgsqlDbType _type = TypeOf(field.Column);

    public override NpgsqlParameter Parameter<TSource>(IReadOnlyList<TSource> sources, Func<TSource, TRow> row) =>
        ProjectionCommands.Column(sources, source => field.Get(row(source)));

    public override Task WriteAsync(NpgsqlBinaryImporter import, TRow row, CancellationToken cancellationToken) =>
        import.WriteAsync(field.Get(row), _type, cancellationToken);

    private static NpgsqlDbType TypeOf(ColumnType column) => column switch
    {
        ColumnType.Uuid => NpgsqlDbType.Uuid,
        ColumnType.Text => NpgsqlDbType.Text,
        ColumnType.Numeric => NpgsqlDbType.Numeric,
        ColumnType.TimestampTz => NpgsqlDbType.TimestampTz,
        ColumnType.Integer => NpgsqlDbType.Integer,
        _ => NpgsqlDbType.Bigint,
    };
}
