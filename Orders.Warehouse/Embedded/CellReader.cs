using System.Data.Common;
using System.Reflection;

namespace Orders.Warehouse.Embedded;

/// <summary>Reads the values of a column of DuckDB, lists with NULLs in them, too: those that DuckDB.NET
/// makes by itself cannot hold any.</summary>
internal static class CellReader
{
    private static readonly MethodInfo Reading = typeof(CellReader).GetMethod(nameof(ReaderOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The reader of a column: its value in the present row, null for NULL.</summary>
    /// <param name="rows">The answer.</param>
    /// <param name="column">The column's number, from 0.</param>
    public static Func<DbDataReader, object?> Of(DbDataReader rows, int column)
    {
        var type = rows.GetFieldType(column);
        return WithNulls(type) is { } list && list != type
            ? (Func<DbDataReader, object?>)Reading.MakeGenericMethod(list).Invoke(obj: null, [column])!
            : row => row.IsDBNull(column) ? null : row.GetValue(column);
    }

    private static Func<DbDataReader, object?> ReaderOf<T>(int column) => row => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static Type WithNulls(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>)
        ? typeof(List<>).MakeGenericType(OrNull(type.GenericTypeArguments[0]))
        : type;

    private static Type OrNull(Type type) => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : WithNulls(type);
}
