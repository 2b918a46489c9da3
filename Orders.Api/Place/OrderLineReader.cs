using System.Text.Json;
using Orders.Api.Body;
using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Api.Place;

/// <summary>Reads one line of an order.</summary>
internal ref struct OrderLineReader
{
    private readonly FieldErrors _errors;
    private readonly int _index;
    private Fields _seen;
    private string? _productId;
    private string? _productName;
    private int? _quantity;
    private decimal? _unitPrice;

    private OrderLineReader(int index, FieldErrors errors) => (_index, _errors) = (index, errors);

    [Flags]
    private enum Fields
    {
        None = 0,
        ProductId = 1,
        ProductName = 2,
        Quantity = 4,
        UnitPrice = 8,
    }

    /// <summary>Reads the value at the position of <paramref name="json"/>, and moves to its end.</summary>
    /// <returns>The line, or null when there is an error in it.</returns>
    public static OrderLine? Read(ref Utf8JsonReader json, int index, FieldErrors errors)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            errors.Add(FieldPath.OfLine(index), "must be an object");
            json.Skip();
            return null;
        }

        var line = new OrderLineReader(index, errors);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            line.ReadField(ref json);
        }

        return line.Finish();
    }

    private void ReadField(ref Utf8JsonReader json)
    {
        if (JsonName.Is(ref json, "product_id"u8))
        {
            _productId = IsFirst(Fields.ProductId, ref json) ? JsonFields.Text(ref json, Path("product_id"), LineFields.ProductIdRule.Request, _errors) : _productId;
        }
        else if (JsonName.Is(ref json, "product_name"u8))
        {
            _productName = IsFirst(Fields.ProductName, ref json)
                ? JsonFields.Text(ref json, Path("product_name"), LineFields.ProductNameRule.Request, _errors)
                : _productName;
        }
        else if (JsonName.Is(ref json, "quantity"u8))
        {
            _quantity = IsFirst(Fields.Quantity, ref json) ? ReadQuantity(ref json) : _quantity;
        }
        else if (JsonName.Is(ref json, "unit_price"u8))
        {
            _unitPrice = IsFirst(Fields.UnitPrice, ref json) ? Money.ReadPrice(ref json, Path("unit_price"), _errors) : _unitPrice;
        }
        else
        {
            JsonFields.Refuse(ref json, _index, "is not a field of a line", _errors);
        }
    }

    private readonly OrderLine? Finish()
    {
        Require(_productId is not null, "product_id");
        Require(_productName is not null, "product_name");
        Require(_quantity is not null, "quantity");
        Require(_unitPrice is not null, "unit_price");
        return (_productId, _productName, _quantity, _unitPrice) is ({ } id, { } name, { } quantity, { } price)
            ? new OrderLine(_index + 1, id, name, quantity, price)
            : null;
    }

    private readonly int? ReadQuantity(ref Utf8JsonReader json) => (int?)JsonFields.Number(ref json, Path("quantity"), LineFields.QuantityRule.Request, _errors);

    private bool IsFirst(Fields field, ref Utf8JsonReader json)
    {
        if ((_seen & field) != Fields.None)
        {
            JsonFields.Refuse(ref json, _index, "is given more than once", _errors);
            return false;
        }

        _seen |= field;
        return json.Read();
    }

    private readonly void Require(bool there, string field)
    {
        if (!there && !_errors.Has(Path(field)))
        {
            _errors.Add(Path(field), "is required");
        }
    }

    private readonly FieldPath Path(string field) => new(field, _index);
}
