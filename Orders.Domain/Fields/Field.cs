using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Domain.Fields;

/// <summary>
/// A field of an order or of one of its lines, declared once: the attribute of its item, the member of its
/// JSON and the column of its row all have its name, and every list of an order's fields is made from these.
/// </summary>
/// <typeparam name="TRow">What has it.</typeparam>
/// <param name="rule">What its attribute may hold.</param>
/// <param name="column">The type of its column.</param>
public abstract class Field<TRow>(AttributeRule rule, ColumnType column)
{
    /// <summary>What its attribute may hold, in words.</summary>
    public AttributeRule Rule => rule;

    /// <summary>Its name: of the attribute, of the member in JSON, and of the column.</summary>
    public string Name => rule.Name;

    /// <summary>The type of its column.</summary>
    public ColumnType Column => column;

    /// <summary>Whether a request to place an order has it.</summary>
    public bool IsInRequest { get; init; }

    /// <summary>Its value in a row, as the column has it; null for none.</summary>
    /// <param name="row">An order or a line.</param>
    public abstract object? Value(TRow row);

    /// <summary>Hands itself to a visitor, with the type of its values.</summary>
    /// <param name="visitor">Makes something of it.</param>
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
/// <typeparam name="TRow">What has it.</typeparam>
/// <typeparam name="TValue">The type that <see cref="Field{TRow}.Column"/> stands for; nullable for a field
/// that need not be there.</typeparam>
/// <param name="rule">What its attribute may hold.</param>
/// <param name="column">The type of its column.</param>
/// <param name="get">Reads it, as the column has it.</param>
public sealed class Field<TRow, TValue>(AttributeRule rule, ColumnType column, Func<TRow, TValue> get) : Field<TRow>(rule, column)
{
    /// <summary>Reads it from a row, as the column has it.</summary>
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
