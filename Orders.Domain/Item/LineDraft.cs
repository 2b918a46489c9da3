using System.Diagnostics.CodeAnalysis;

namespace Orders.Domain.Item;

/// <summary>Gathers one line's attributes, as <see cref="OrderDraft"/> does an order's.</summary>
internal struct LineDraft
{
    private string? _productId;
    private string? _productName;
    private int? _quantity;
    private decimal? _unitPrice;

    public void SetString(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.ProductId: _productId = TextPool.Get(value); break;
            case OrderAttributes.ProductName: _productName = TextPool.Get(value); break;
        }
    }

    public void SetNumber(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.Quantity: _quantity = Numbers.TryDecimal(value, out var n) && n is > 0 and <= int.MaxValue && decimal.Truncate(n) == n ? (int)n : null; break;
            case OrderAttributes.UnitPrice: _unitPrice = Numbers.TryDecimal(value, out var price) ? price : null; break;
        }
    }

    public readonly bool TryFinish(int orderItemId, [NotNullWhen(true)] out OrderLine? line, [NotNullWhen(false)] out string? problem)
    {
        problem = (_productId, _productName, _quantity, _unitPrice) switch
        {
            (null, _, _, _) => OrderAttributes.ProductId,
            (_, null, _, _) => OrderAttributes.ProductName,
            (_, _, null, _) => OrderAttributes.Quantity,
            (_, _, _, null) => OrderAttributes.UnitPrice,
            _ => null,
        };
        if (problem is not null)
        {
            problem = $"line {orderItemId} has no good {problem}";
            line = null;
            return false;
        }

        line = new OrderLine(orderItemId, _productId!, _productName!, _quantity!.Value, _unitPrice!.Value);
        return true;
    }
}
