using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orders.Domain.Fields;
using Orders.Domain.Rules;

namespace Orders.Domain.Item;

/// <summary>
/// Collects one line's attributes, as <see cref="OrderDraft"/> does for an order. The first fault is kept.
/// </summary>
internal struct LineDraft
{
    private string? _productId;
    private string? _productName;
    private int? _quantity;
    private decimal? _unitPrice;
    private string? _attribute;
    private string? _problem;

    public void SetString(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.ProductId: _productId = TextPool.Get(value); Check(name, LineFields.ProductIdRule.Item.Problem(value)); break;
            case OrderAttributes.ProductName: _productName = TextPool.Get(value); Check(name, LineFields.ProductNameRule.Item.Problem(value)); break;
            default: FailType(name, "S"); break;
        }
    }

    public void SetNumber(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.Quantity: _quantity = Number(name, LineFields.QuantityRule.Item, value) is { } quantity ? (int)quantity : null; break;
            case OrderAttributes.UnitPrice: _unitPrice = Number(name, LineFields.UnitPriceRule.Item, value); break;
            default: FailType(name, "N"); break;
        }
    }

    /// <summary>Records that an attribute has the wrong type.</summary>
    public void FailType(string name, string type) =>
        Check(name, LineFields.Attributes.FirstOrDefault(rule => rule.Name == name) is { } rule ? $"must be of the type {rule.Type}, and is of {type}" : null);

    /// <summary>Records that the value is not a line.</summary>
    public void FailType(string type) => _problem ??= $"must be of the type M, and is of {type}";

    /// <param name="orderItemId">Its number, from 1.</param>
    /// <param name="line">The line.</param>
    /// <param name="fault">What is wrong, and where: <c>items[0].quantity</c>.</param>
    public readonly bool TryFinish(int orderItemId, [NotNullWhen(true)] out OrderLine? line, [NotNullWhen(false)] out ItemFault? fault)
    {
        var missing = (_productId, _productName, _quantity, _unitPrice) switch
        {
            (null, _, _, _) => OrderAttributes.ProductId,
            (_, null, _, _) => OrderAttributes.ProductName,
            (_, _, null, _) => OrderAttributes.Quantity,
            (_, _, _, null) => OrderAttributes.UnitPrice,
            _ => null,
        };
        if (_problem is not null || missing is not null)
        {
            var attribute = _problem is null ? missing : _attribute;
            var place = string.Create(CultureInfo.InvariantCulture, $"{OrderAttributes.Items}[{orderItemId - 1}]");
            fault = new(ItemFaultKind.Broken, attribute is null ? place : $"{place}.{attribute}", _problem ?? "is missing");
            line = null;
            return false;
        }

        fault = null;
        line = new OrderLine(orderItemId, _productId!, _productName!, _quantity!.Value, _unitPrice!.Value);
        return true;
    }

    private decimal? Number(string name, NumberRule rule, ReadOnlySpan<char> value)
    {
        var isNumber = Numbers.TryDecimal(value, out var number);
        var problem = isNumber ? rule.Problem(number) : Numbers.TooManyDigits;
        Check(name, problem);
        return problem is null ? number : null;
    }

    private void Check(string name, string? problem)
    {
        if (problem is not null && _problem is null)
        {
            _attribute = name;
            _problem = problem;
        }
    }
}
