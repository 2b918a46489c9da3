using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>A member of an item as a column.</summary>
/// <typeparam name="T">The item.</typeparam>
internal abstract class MappedColumn<T>(string name, MappedType type, ColumnRole role)
{
    public string Name => name;

    public MappedType Type => type;

    public ColumnRole Role => role;

    /// <summary>The column's values of some items, as a Postgres array.</summary>
    public abstract NpgsqlParameter Values(IReadOnlyList<T> items);

    /// <summary>The column's value, boxed, to compare keys.</summary>
    public abstract object? Comparable(T item);

    /// <summary>Makes a column for a member.</summary>
    /// <exception cref="ArgumentException">The expression is not a member, or no column type fits
    /// it.</exception>
    public static MappedColumn<T> Of<TValue>(Expression<Func<T, TValue>> member, string? column, ColumnRole role)
    {
        if (member.Body is UnaryExpression { NodeType: ExpressionType.Convert, Operand: MemberExpression { Member: PropertyInfo narrow } })
        {
            throw new ArgumentException($"{typeof(T).Name}.{narrow.Name} is {narrow.PropertyType.Name}. Declare it as {typeof(TValue).Name}.", nameof(member));
        }

        if (member.Body is not MemberExpression { Member: PropertyInfo { Name: var name }, Expression: ParameterExpression })
        {
            throw new ArgumentException($"{member} is no property of {typeof(T).Name}. Name one, as in p => p.Id.", nameof(member));
        }

        var type = MappedType.Of(typeof(TValue)) ?? throw new ArgumentException(
            $"{typeof(T).Name}.{name} is {typeof(TValue).Name}, for which there is no column. There is one for {MappedType.Names}.", nameof(member));
        return new Column<TValue>(column ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(name), type, role, member.Compile());
    }

    private sealed class Column<TValue>(string name, MappedType type, ColumnRole role, Func<T, TValue> get) : MappedColumn<T>(name, type, role)
    {
        public override NpgsqlParameter Values(IReadOnlyList<T> items)
        {
            var array = new TValue[items.Count];
            for (var i = 0; i < array.Length; i++)
            {
                array[i] = get(items[i]);
            }

            return new() { Value = MappedType.ToArray(array), NpgsqlDbType = NpgsqlDbType.Array | Type.DbType };
        }

        public override object? Comparable(T item) => get(item) is DateTimeOffset time ? time.ToUniversalTime() : get(item);
    }
}
