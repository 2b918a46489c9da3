using System.Globalization;
using Orders.Domain;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary>What <c>GET /v1/orders</c> was asked for.</summary>
/// <param name="Filter">Which orders, within what the caller may see.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="After">The last order of the page before; null for the first page.</param>
internal sealed record ListRequest(OrderFilter Filter, int Limit, Keyset? After)
{
    public const int MaxLimit = 200;
    public const int DefaultLimit = 50;

    /// <summary>The parameters, spelled exactly.</summary>
    public static readonly IReadOnlyList<string> Parameters = ["merchant_id", "customer_id", "status", "currency", "from", "to", "limit", "cursor"];

    /// <summary>Reads the query string.</summary>
    /// <param name="query">Its parameters.</param>
    /// <param name="caller">Decides whose orders there are to be seen.</param>
    /// <param name="seal">Knows our cursors.</param>
    /// <param name="errors">What is wrong; the request may be used only if nothing is.</param>
    public static ListRequest Read(IQueryCollection query, Caller caller, CursorSeal seal, out QueryErrors errors)
    {
        errors = new QueryErrors(query, Parameters);
        var filter = new OrderFilter
        {
            Merchants = Visible(Id(errors, "merchant_id"), caller),
            CustomerId = Id(errors, "customer_id"),
            Status = Status(errors),
            Currency = FindCurrency(errors),
            From = Time(errors, "from"),
            To = Time(errors, "to"),
        };
        if (filter.From > filter.To)
        {
            errors.Add("from", "is after to.");
            errors.Add("to", "is before from.");
        }

        return new(filter, ReadLimit(errors), Cursor(errors, filter, seal));
    }

    // Another merchant's orders are answered like those of a merchant who has none: no order belongs to no merchant.
    private static IReadOnlyList<string>? Visible(string? merchantId, Caller caller) =>
        merchantId is null
            ? caller.AllMerchants ? null : [.. caller.Merchants.Order(StringComparer.Ordinal)]
            : caller.MayUse(merchantId) ? [merchantId] : [];

    private static string? Id(QueryErrors errors, string name)
    {
        if (errors.Text(name) is not { } text)
            return null;
        if (OrderLimits.IsId(text))
            return text;
        errors.Add(name, $"is not 1 to {OrderLimits.IdLength} letters, digits or any of . _ : @ -");
        return null;
    }

    private static OrderStatus? Status(QueryErrors errors)
    {
        if (errors.Text("status") is not { } text)
            return null;
        if (OrderStatuses.TryFind(text, out var status))
            return status;
        errors.Add("status", $"is none of {string.Join(", ", OrderStatuses.All)}.");
        return null;
    }

    private static Currency? FindCurrency(QueryErrors errors)
    {
        if (errors.Text("currency") is not { } text)
            return null;
        if (Domain.Currency.TryFind(text, out var currency))
            return currency;
        errors.Add("currency", "is not the code of an active ISO 4217 currency, in capitals.");
        return null;
    }

    private static DateTimeOffset? Time(QueryErrors errors, string name)
    {
        if (errors.Text(name) is not { } text)
            return null;
        if (TimeBound.TryParse(text, out var time))
            return time;
        errors.Add(name, TimeBound.Expected);
        return null;
    }

    private static int ReadLimit(QueryErrors errors)
    {
        if (errors.Text("limit") is not { } text)
            return DefaultLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
            return limit;
        errors.Add("limit", $"is not a whole number from 1 to {MaxLimit}.");
        return DefaultLimit;
    }

    private static Keyset? Cursor(QueryErrors errors, OrderFilter filter, CursorSeal seal)
    {
        // Whether a cursor fits can be told only once the filters are known.
        if (!errors.None || errors.Text("cursor") is not { } text)
            return null;
        var fault = seal.Open(text, filter, out var after);
        if (fault is null)
            return after;
        errors.Add("cursor", fault);
        return null;
    }
}
