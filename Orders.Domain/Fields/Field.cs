using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Domain.Fields;

/// <summary>
/// A field of an order or of one of its lines, declared once: the attribute of the item, the member of the
/// JSON and the column of the row have its name, and every list of an order's fields is made from these.
/// </summary>
/// <typeparam name="TRow">An order or a line.</typeparam>
/// <param name="rule">What its attribute may hold.</param>
/// <param name="column">The type of its column.</param>
public abstract class Field<TRow>(AttributeRule rule, ColumnType column)
{
    /// <summary>The rule of its attribute, in words.</summary>
    public AttributeRule Rule => rule;

    /// <summary>The name of the attribute, of the member in JSON, and of the column.</summary>
    public string Name => rule.Name;

    /// <summary>The type of its column.</summary>
    public ColumnType Column => column;

    /// <summary>Whether it is part of a request to place an order.</summary>
    public bool IsInRequest { get; init; }

    /// <summary>Its value in a row, in the column's type; null for none.</summary>
    /// <param name="row">An order or a line.</param>
    public abstract object? Value(TRow row);

    /// <summary>Passes itself to a visitor, with the type of its values.</summary>
    /// <param name="visitor">The visitor.</param>
    public abstract TResult Accept<TResult>(IFieldVisitor<TRow, TResult> visitor);

    /// <summary>Its value in a row as text, in one spelling for each value; null for none.</summary>
    /// <param name="row">An order or a line.</param>
    public string? Text(TRow row) => Value(row) switch
    {
        null => null,
        DateTimeOffset time => Timestamp.Text(time),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>Its attribute in an item; null for none.</summary>
    /// <param name="row">An order or a line.</param>
    public AttributeValue? Attribute(TRow row) => (Text(row), column) switch
    {
        (null, _) => null,
        (var text, ColumnType.Numeric or ColumnType.Integer or ColumnType.Bigint) => new() { N = text },
        var (text, _) => new() { S = text },
    };
}

/// <summary>A field with values of one type.</summary>
/// <typeparam name="TRow">An order or a line.</typeparam>
/// <typeparam name="TValue">The type that <see cref="Field{TRow}.Column"/> stands for; nullable for an
/// optional field.</typeparam>
/// <param name="rule">What its attribute may hold.</param>
/// <param name="column">The type of its column.</param>
/// <param name="get">Reads it, in the column's type.</param>
public sealed class Field<TRow, TValue>(AttributeRule rule, ColumnType column, Func<TRow, TValue> get) : Field<TRow>(rule, column)
{
    /// <summary>Reads it from a row, in the column's type.</summary>
    public Func<TRow, TValue> Get => get;

    /// <inheritdoc/>
    public override object? Value(TRow row) => get(row);

    /// <inheritdoc/>
    public override TResult Accept<TResult>(IFieldVisitor<TRow, TResult> visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return visitor.Visit(this);
    }
}
