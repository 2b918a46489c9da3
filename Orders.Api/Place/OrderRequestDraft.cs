using System.Text.Json;
using Orders.Api.Body;
using Orders.Domain;
using Orders.Domain.Fields;
using Orders.Domain.Rules;

namespace Orders.Api.Place;

/// <summary>
/// Collects an order's fields in any order, and decides at the end whether they form a valid request.
/// </summary>
internal sealed class OrderRequestDraft(FieldErrors errors) : IFieldReader
{
    private static readonly FieldPath MerchantId = new("merchant_id");
    private static readonly FieldPath CustomerId = new("customer_id");
    private static readonly FieldPath CurrencyCode = new("currency");
    private static readonly FieldPath Amount = new("amount");
    private static readonly FieldPath Items = new("items");

    private readonly List<OrderLine> _lines = [];
    private Fields _seen;
    private string? _merchantId;
    private string? _customerId;
    private Currency? _currency;
    private decimal? _amount;
    private int? _lineCount;

    [Flags]
    private enum Fields
    {
        None = 0,
        MerchantId = 1,
        CustomerId = 2,
        Currency = 4,
        Amount = 8,
        Items = 16,
    }

    public void ReadField(ref Utf8JsonReader json)
    {
        if (JsonName.Is(ref json, "merchant_id"u8))
        {
            _merchantId = IsFirst(Fields.MerchantId, ref json) ? JsonFields.Text(ref json, MerchantId, OrderFields.MerchantIdRule.Request, errors) : _merchantId;
        }
        else if (JsonName.Is(ref json, "customer_id"u8))
        {
            _customerId = IsFirst(Fields.CustomerId, ref json) ? JsonFields.Text(ref json, CustomerId, OrderFields.CustomerIdRule.Request, errors) : _customerId;
        }
        else if (JsonName.Is(ref json, "currency"u8))
        {
            _currency = IsFirst(Fields.Currency, ref json) ? ReadCurrency(ref json) : _currency;
        }
        else if (JsonName.Is(ref json, "amount"u8))
        {
            _amount = IsFirst(Fields.Amount, ref json) ? Money.ReadAmount(ref json, Amount, errors) : _amount;
        }
        else if (JsonName.Is(ref json, "items"u8))
        {
            _lineCount = IsFirst(Fields.Items, ref json) ? ReadLines(ref json) : _lineCount;
        }
        else
        {
            JsonFields.Refuse(ref json, line: null, "is not a field of an order", errors);
        }
    }

    /// <summary>The request, or null when there is any error.</summary>
    public OrderRequest? Finish()
    {
        Require(_merchantId is not null, MerchantId, "is required");
        Require(_currency is not null, CurrencyCode, "is required: an ISO 4217 code such as INR");
        Require(_amount is not null || _lineCount is not null || errors.Has(Items), Amount, "is required when there are no items");
        if (_currency is not { } currency)
        {
            return null;
        }

        var amount = HasDigitsOf(currency) && _lines.Count > 0 && _lines.Count == _lineCount ? Reconcile(currency) : _amount;
        if (errors.Any)
        {
            return null;
        }

        var lines = _lines.ConvertAll(line => line with { UnitPrice = currency.Scale(line.UnitPrice) });
        return new OrderRequest(new()
        {
            OrderId = default,
            MerchantId = _merchantId!,
            CustomerId = _customerId,
            Status = OrderStatus.Placed,
            Currency = currency,
            Amount = currency.Scale(amount!.Value),
            Items = lines,
            PlacedAt = default,
            UpdatedAt = default,
            Version = 1,
        });
    }

    private Currency? ReadCurrency(ref Utf8JsonReader json)
    {
        var code = JsonFields.Text(ref json, CurrencyCode, TextRule.AnyId, errors);
        if (code is null)
        {
            return null;
        }

        if (Currency.TryFind(code, out var currency) && currency.IsActive)
        {
            return currency;
        }

        errors.Add(CurrencyCode, "is not the code of an active ISO 4217 currency: three upper-case letters such as INR");
        return null;
    }

    /// <summary>
    /// Reads the lines, and returns how many there are; null when the field is absent or null.
    /// </summary>
    private int? ReadLines(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            if (json.TokenType != JsonTokenType.Null)
            {
                errors.Add(Items, "must be a list of lines");
                json.Skip();
            }

            return null;
        }

        var count = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; count++)
        {
            if (count >= OrderFields.RequestLines)
            {
                json.Skip();
            }
            else if (OrderLineReader.Read(ref json, count, errors) is { } line)
            {
                _lines.Add(line);
            }
        }

        if (count is 0 or > OrderFields.RequestLines)
        {
            errors.Add(Items, count == 0
                ? "must have at least one line; leave it out to place an order by its amount alone"
                : $"has {count} lines; at most {OrderFields.RequestLines} are allowed");
        }

        return count;
    }

    private bool HasDigitsOf(Currency currency)
    {
        var all = _amount is not { } amount || Money.HasDigitsOf(currency, amount, Amount, errors);
        foreach (var line in _lines)
        {
            all &= Money.HasDigitsOf(currency, line.UnitPrice, new("unit_price", line.OrderItemId - 1), errors);
        }

        return all;
    }

    /// <summary>The sum of the lines, which must equal the given amount, if there is one.</summary>
    private decimal Reconcile(Currency currency)
    {
        var sum = Money.Sum(_lines);
        if (_amount is { } amount && amount != sum)
        {
            errors.Add(Amount, $"is {currency.Scale(amount)}, but the items add up to {currency.Scale(sum)}");
        }
        else if (OrderFields.AmountRule.Request.Problem(sum) is not null)
        {
            errors.Add(Items, $"add up to {currency.Scale(sum)}; an order's amount is more than 0 and at most {OrderFields.AmountRule.Request.Most}");
        }

        return sum;
    }

    /// <summary>Moves to the value of a field; adds an error if the field is a duplicate.</summary>
    private bool IsFirst(Fields field, ref Utf8JsonReader json)
    {
        if ((_seen & field) != Fields.None)
        {
            JsonFields.Refuse(ref json, line: null, "is given more than once", errors);
            return false;
        }

        _seen |= field;
        return json.Read();
    }

    private void Require(bool there, FieldPath field, string message)
    {
        if (!there && !errors.Has(field))
        {
            errors.Add(field, message);
        }
    }
}
