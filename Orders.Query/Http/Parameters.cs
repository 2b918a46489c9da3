using System.Globalization;
using Orders.Domain;

namespace Orders.Query.Http;

/// <summary>
/// Reads parameters that several routes share. Each is null when it is absent or invalid; the errors then
/// say so.
/// </summary>
internal static class Parameters
{
    /// <summary>An id of a merchant or a customer.</summary>
    public static string? Id(this QueryErrors errors, string name)
    {
        if (errors.Text(name) is not { } text)
        {
            return null;
        }

        if (TextIds.MayExist(text))
        {
            return text;
        }

        errors.Add(name, $"is not {TextIds.Expected}");
        return null;
    }

    /// <summary>The id of an order.</summary>
    public static Guid? OrderId(this QueryErrors errors, string name)
    {
        if (errors.Text(name) is not { } text)
        {
            return null;
        }

        if (OrderIds.TryRead(text, out var orderId))
        {
            return orderId;
        }

        errors.Add(name, $"is not {OrderIds.Expected}");
        return null;
    }

    /// <summary>A whole number.</summary>
    /// <param name="errors">The request's parameters.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="least">The smallest valid value.</param>
    /// <param name="most">The largest valid value.</param>
    /// <param name="fallback">The default.</param>
    public static int Number(this QueryErrors errors, string name, int least, int most, int fallback)
    {
        if (errors.Text(name) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"is not a whole number from {least} to {most}."));
        return fallback;
    }

    /// <summary>A time with any offset.</summary>
    public static DateTimeOffset? Time(this QueryErrors errors, string name)
    {
        if (errors.Text(name) is not { } text)
        {
            return null;
        }

        if (TimeBound.TryParse(text, out var time))
        {
            return time;
        }

        errors.Add(name, TimeBound.Expected);
        return null;
    }

    /// <summary><c>status</c></summary>
    public static OrderStatus? Status(this QueryErrors errors)
    {
        if (errors.Text("status") is not { } text)
        {
            return null;
        }

        if (OrderStatuses.TryFind(text, out var status))
        {
            return status;
        }

        errors.Add("status", $"is none of {string.Join(", ", OrderStatuses.All)}.");
        return null;
    }

    /// <summary><c>currency</c></summary>
    public static Currency? Currency(this QueryErrors errors)
    {
        if (errors.Text("currency") is not { } text)
        {
            return null;
        }

        if (Domain.Currency.TryFind(text, out var currency))
        {
            return currency;
        }

        errors.Add("currency", "is not the code of an ISO 4217 currency, in capitals.");
        return null;
    }

    /// <summary>Reports two bounds in the wrong order.</summary>
    public static void CheckBounds(this QueryErrors errors, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (!(from > to))
        {
            return;
        }

        errors.Add("from", "is after to.");
        errors.Add("to", "is before from.");
    }
}
