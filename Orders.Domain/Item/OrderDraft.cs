using System.Diagnostics.CodeAnalysis;
using Orders.Domain.Fields;
using Orders.Domain.Rules;

namespace Orders.Domain.Item;

/// <summary>
/// Collects an item's attributes, in any of their formats, and decides at the end whether they form an
/// order. Only the first fault is kept.
/// </summary>
internal sealed class OrderDraft
{
    /// <summary>The attribute name for <see cref="Fail"/> when the item as a whole cannot be read.</summary>
    public const string UnreadableItem = "item";

    private const int LongestShown = 64;

    private readonly List<OrderLine> _lines = [];
    private int _lineCount;
    private bool _hasKey;
    private bool _hasOrderKey;
    private bool _hasOtherSortKey;
    private Guid? _keyOrderId;
    private string? _entity;
    private Guid? _orderId;
    private string? _merchantId;
    private string? _customerId;
    private OrderStatus? _status;
    private Currency? _currency;
    private decimal? _amount;
    private DateTimeOffset? _placedAt;
    private DateTimeOffset? _updatedAt;
    private long? _version;
    private string? _traceParent;
    private ItemFault? _fault;

    /// <summary>
    /// Adds a string attribute. Unknown names are ignored: a newer writer may add attributes.
    /// </summary>
    public void SetString(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.Pk: (_hasKey, _hasOrderKey) = (true, OrderItem.TryReadPartitionKey(value, out _keyOrderId)); break;
            case OrderAttributes.Entity: _entity = value is OrderAttributes.OrderEntity ? OrderAttributes.OrderEntity : value.ToString(); break;
            case OrderAttributes.Sk: _hasOtherSortKey = value is not OrderItem.SortKey; break;
            case OrderAttributes.MerchantId: _merchantId = TextPool.Get(value); Check(name, OrderFields.MerchantIdRule.Item.Problem(value)); break;
            case OrderAttributes.CustomerId: _customerId = value.ToString(); Check(name, OrderFields.CustomerIdRule.Item.Problem(value)); break;
            case OrderAttributes.TraceParent: _traceParent = value.ToString(); break;
            case OrderAttributes.OrderId: _orderId = Guid.TryParseExact(value, "D", out var id) ? id : Broken<Guid>(name, $"must be a UUID of 8-4-4-4-12 hexadecimal digits; is {Shown(value)}"); break;
            case OrderAttributes.Status: _status = OrderStatuses.TryFind(value, out var status) ? status : Broken<OrderStatus>(name, $"must be one of {string.Join(", ", OrderStatuses.All)}; is {Shown(value)}"); break;
            case OrderAttributes.Currency: _currency = FindCurrency(name, value); break;
            case OrderAttributes.PlacedAt: _placedAt = Time(name, value); break;
            case OrderAttributes.UpdatedAt: _updatedAt = Time(name, value); break;
            case OrderAttributes.Amount or OrderAttributes.Version or OrderAttributes.Items: FailType(name, "S"); break;
        }
    }

    /// <summary>Adds a number attribute.</summary>
    public void SetNumber(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.Amount: _amount = Numbers.TryDecimal(value, out var amount) ? amount : Broken<decimal>(name, Numbers.TooManyDigits); Check(name, OrderFields.AmountRule.Item, _amount); break;
            case OrderAttributes.Version: _version = Numbers.TryVersion(value, out var version) ? version : Broken<long>(name, Numbers.NoVersion); break;
            default: FailType(name, "N"); break;
        }
    }

    /// <summary>Adds the next line.</summary>
    public void AddLine(LineDraft line)
    {
        if (line.TryFinish(++_lineCount, out var finished, out var fault))
        {
            _lines.Add(finished);
        }
        else
        {
            _fault ??= fault;
        }
    }

    /// <summary>
    /// Records that an attribute has the wrong type. Attributes without a rule, or that nothing uses, may
    /// have any type.
    /// </summary>
    public void FailType(string name, string type)
    {
        if (name != OrderAttributes.TraceParent && OfType(name, type) is { } problem)
        {
            Fail(name, problem);
        }
    }

    /// <summary>Records that an attribute is invalid.</summary>
    public void Fail(string attribute, string message) => _fault ??= new ItemFault(ItemFaultKind.Broken, attribute, message);

    public bool TryFinish([NotNullWhen(true)] out Order? order, [NotNullWhen(false)] out ItemFault? fault)
    {
        order = null;

        // An item of another entity is skipped, whatever else it holds. An item without an entity may be an
        // order that lost it: its key decides. An item that could not be read to its end may have an entity
        // in the unread part, so it must not be skipped.
        if (_entity is not null && _entity != OrderAttributes.OrderEntity)
        {
            fault = new ItemFault(ItemFaultKind.OtherEntity, OrderAttributes.Entity, $"is '{_entity}'");
            return false;
        }

        if (_entity is null && (!_hasOrderKey || _hasOtherSortKey) && _fault?.Attribute != UnreadableItem)
        {
            fault = new ItemFault(ItemFaultKind.Unknown, OrderAttributes.Entity, "is missing, and so is an order's key");
            return false;
        }

        if (_hasOtherSortKey)
        {
            Fail(OrderAttributes.Sk, $"must be {OrderItem.SortKey} in an order's item: give an item of another kind another {OrderAttributes.Entity}");
        }

        if (_hasKey && _keyOrderId is null)
        {
            Fail(OrderAttributes.Pk, $"must be {OrderItem.PartitionPrefix} and the order's id in lower case, such as {OrderItem.PartitionKey(_orderId ?? Guid.Empty)}");
        }

        if (_entity is null)
        {
            Fail(OrderAttributes.Entity, "is missing");
        }

        Require(_orderId, OrderAttributes.OrderId);
        Require(_merchantId, OrderAttributes.MerchantId);
        Require(_status, OrderAttributes.Status);
        Require(_currency, OrderAttributes.Currency);
        Require(_amount, OrderAttributes.Amount);
        Require(_placedAt, OrderAttributes.PlacedAt);
        Require(_updatedAt, OrderAttributes.UpdatedAt);
        Require(_version, OrderAttributes.Version);
        if (_fault is null && _hasKey && _keyOrderId != _orderId)
        {
            Fail(OrderAttributes.OrderId, $"must be the one in {OrderAttributes.Pk}");
        }

        fault = _fault;
        if (fault is not null)
        {
            return false;
        }

        var currency = _currency!;
        order = new Order
        {
            OrderId = _orderId!.Value,
            MerchantId = _merchantId!,
            CustomerId = _customerId,
            Status = _status!.Value,
            Currency = currency,
            Amount = currency.Scale(_amount!.Value),
            Items = ScaledLines(currency),
            PlacedAt = _placedAt!.Value,
            UpdatedAt = _updatedAt!.Value,
            Version = _version!.Value,
            TraceParent = _traceParent,
        };
        return true;
    }

    private List<OrderLine> ScaledLines(Currency currency)
    {
        for (var i = 0; i < _lines.Count; i++)
        {
            var scaled = currency.Scale(_lines[i].UnitPrice);
            if (scaled.Scale != _lines[i].UnitPrice.Scale)
            {
                _lines[i] = _lines[i] with { UnitPrice = scaled };
            }
        }

        return _lines;
    }

    private Currency? FindCurrency(string name, ReadOnlySpan<char> value)
    {
        if (!Currency.TryFind(value, out var currency))
        {
            Fail(name, $"must be an ISO 4217 code in capitals, such as INR; is {Shown(value)}");
        }

        return currency;
    }

    private DateTimeOffset? Time(string name, ReadOnlySpan<char> value) =>
        TimeRule.TryRead(value, out var time) ? time : Broken<DateTimeOffset>(name, $"{TimeRule.Problem}; is {Shown(value)}");

    private void Check(string name, NumberRule rule, decimal? value)
    {
        if (value is { } number)
        {
            Check(name, rule.Problem(number));
        }
    }

    private void Check(string name, string? problem)
    {
        if (problem is not null)
        {
            Fail(name, problem);
        }
    }

    // The part of a text that may be shown in a message.
    private static string Shown(ReadOnlySpan<char> value) => value.Length > LongestShown ? $"'{value[..LongestShown]}…'" : $"'{value}'";

    private static string? OfType(string name, string type) =>
        OrderFields.Attributes.FirstOrDefault(rule => rule.Name == name) is { } rule ? $"must be of the type {rule.Type}, and is of {type}" : null;

    private T? Broken<T>(string name, string message)
        where T : struct
    {
        Fail(name, message);
        return null;
    }

    private void Require<T>(T? value, string name)
    {
        if (value is null)
        {
            Fail(name, "is missing");
        }
    }
}
