using System.Text.Json;
using Orders.Api.Body;
using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Api.Place;

/// <summary>Reads amounts and prices, and adds them up.</summary>
internal static class Money
{
    /// <summary>What an order costs: more than zero.</summary>
    public static decimal? ReadAmount(ref Utf8JsonReader json, FieldPath field, FieldErrors errors) =>
        JsonFields.Number(ref json, field, OrderFields.AmountRule.Request, errors);

    /// <summary>What a piece costs: zero for one that is given away.</summary>
    public static decimal? ReadPrice(ref Utf8JsonReader json, FieldPath field, FieldErrors errors) =>
        JsonFields.Number(ref json, field, LineFields.UnitPriceRule.Request, errors);

    /// <summary>Notes an amount or price with digits that its currency has not.</summary>
    public static bool HasDigitsOf(Currency currency, decimal amount, FieldPath field, FieldErrors errors)
    {
        if (currency.Fits(amount))
        {
            return true;
        }

        errors.Add(field, $"has too many decimal digits: {currency.Code} has {currency.Digits}");
        return false;
    }

    /// <summary>
    /// Adds up lines: at most 250 of a million pieces at a million million each, far from a decimal's end.
    /// </summary>
    public static decimal Sum(List<OrderLine> lines)
    {
        var sum = 0m;
        foreach (var line in lines)
        {
            sum += line.Quantity * line.UnitPrice;
        }

        return sum;
    }
}
