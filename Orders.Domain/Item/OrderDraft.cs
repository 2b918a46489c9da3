using System.Diagnostics.CodeAnalysis;

namespace Orders.Domain.Item;

/// <summary>
/// Gathers an item's attributes, from whichever form they come in, and decides at the end whether they make an order. The first
/// fault is kept; later ones add nothing to the decision.
/// </summary>
internal sealed class OrderDraft
{
    /// <summary>What <see cref="Fail"/> names when the item as a whole cannot be read.</summary>
    public const string UnreadableItem = "item";

    private readonly List<OrderLine> _lines = [];
    private bool _hasKey;
    private bool _hasOrderKey;
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

    /// <summary>Takes in a string attribute. A name it does not know is passed over: a newer writer may know more.</summary>
    public void SetString(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.Pk: (_hasKey, _hasOrderKey) = (true, OrderItem.TryReadPartitionKey(value, out _keyOrderId)); break;
            case OrderAttributes.Entity: _entity = value is OrderAttributes.OrderEntity ? OrderAttributes.OrderEntity : value.ToString(); break;
            case OrderAttributes.MerchantId: _merchantId = TextPool.Get(value); break;
            case OrderAttributes.CustomerId: _customerId = value.ToString(); break;
            case OrderAttributes.TraceParent: _traceParent = value.ToString(); break;
            case OrderAttributes.OrderId: _orderId = Guid.TryParse(value, out var id) ? id : Broken<Guid>(name, "is not a UUID"); break;
            case OrderAttributes.Status: _status = OrderStatuses.TryFind(value, out var status) ? status : Broken<OrderStatus>(name, $"is no order status: '{value}'"); break;
            case OrderAttributes.Currency: _currency = FindCurrency(name, value); break;
            case OrderAttributes.PlacedAt: _placedAt = Time(name, value); break;
            case OrderAttributes.UpdatedAt: _updatedAt = Time(name, value); break;
            case OrderAttributes.Amount or OrderAttributes.Version or OrderAttributes.Items: Fail(name, "is a string"); break;
        }
    }

    /// <summary>Takes in a number attribute.</summary>
    public void SetNumber(string name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case OrderAttributes.Amount: _amount = Numbers.TryDecimal(value, out var amount) ? amount : Broken<decimal>(name, "is not a number that a decimal holds"); break;
            case OrderAttributes.Version: _version = Numbers.TryVersion(value, out var version) ? version : Broken<long>(name, "is not a whole number from 1"); break;
            case OrderAttributes.Pk or OrderAttributes.Entity or OrderAttributes.MerchantId or OrderAttributes.CustomerId or OrderAttributes.TraceParent
                or OrderAttributes.OrderId or OrderAttributes.Status or OrderAttributes.Currency or OrderAttributes.PlacedAt or OrderAttributes.UpdatedAt
                or OrderAttributes.Items:
                Fail(name, "is a number"); break;
        }
    }

    /// <summary>Takes in the next line.</summary>
    public void AddLine(LineDraft line)
    {
        if (line.TryFinish(_lines.Count + 1, out var finished, out var problem))
        {
            _lines.Add(finished);
        }
        else
        {
            Fail(OrderAttributes.Items, problem);
        }
    }

    /// <summary>Notes that an attribute is not what it should be.</summary>
    public void Fail(string attribute, string message) => _fault ??= new ItemFault(ItemFaultKind.Broken, attribute, message);

    public bool TryFinish([NotNullWhen(true)] out Order? order, [NotNullWhen(false)] out ItemFault? fault)
    {
        order = null;

        // An item that says it is something else is passed over, whatever else it holds. One that says nothing is no order of ours,
        // but it may be an order that lost its entity: only its key tells. One that could not be read to its end has perhaps not come
        // to say it: it must not be lost for that.
        if (_entity is not null && _entity != OrderAttributes.OrderEntity)
        {
            fault = new ItemFault(ItemFaultKind.OtherEntity, OrderAttributes.Entity, $"is '{_entity}'");
            return false;
        }

        if (_entity is null && !_hasOrderKey && _fault?.Attribute != UnreadableItem)
        {
            fault = new ItemFault(ItemFaultKind.Unknown, OrderAttributes.Entity, "is missing, and so is an order's key");
            return false;
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
            Fail(OrderAttributes.OrderId, "is not the one in the key");
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
            Fail(name, $"is no ISO 4217 currency: '{value}'");
        }

        return currency;
    }

    private DateTimeOffset? Time(string name, ReadOnlySpan<char> value) =>
        DateTimeOffset.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : Broken<DateTimeOffset>(name, "is not an ISO 8601 time");

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
