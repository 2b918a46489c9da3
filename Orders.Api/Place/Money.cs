using System.Text.Json;
using Orders.Api.Body;
using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Api.Place;

/// <summary>Reads amounts and prices, and sums them.</summary>
internal static class Money
{
    /// <summary>The amount of an order: more than zero.</summary>
    public static decimal? ReadAmount(ref Utf8JsonReader json, FieldPath field, FieldErrors errors) =>
        JsonFields.Number(ref json, field, OrderFields.AmountRule.Request, errors);

    /// <summary>The price of one piece: zero for a free one.</summary>
    public static decimal? ReadPrice(ref Utf8JsonReader json, FieldPath field, FieldErrors errors) =>
        JsonFields.Number(ref json, field, LineFields.UnitPriceRule.Request, errors);

    /// <summary>Adds an error for an amount or price with more decimals than the currency allows.</summary>
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
    /// Sums the lines: at most 250, each with a million pieces at 10^12, far below a decimal's limit.
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
