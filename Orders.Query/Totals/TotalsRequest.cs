using System.Globalization;
using Orders.Domain;
using Orders.Query.Http;

namespace Orders.Query.Totals;

/// <summary>The request of <c>GET /v1/totals/hourly</c>.</summary>
/// <param name="MerchantId">This merchant; null for all that the caller may see.</param>
/// <param name="Currency">Only this currency.</param>
/// <param name="From">The beginning of the first hour: every hour that the bounds touch is included
/// completely.</param>
/// <param name="To">Where the last hour ends.</param>
internal sealed record TotalsRequest(string? MerchantId, Currency? Currency, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The longest range: a month. Bounds within an hour touch one hour more.</summary>
    public const int MaxDays = 31;

    /// <summary>The number of hours without bounds.</summary>
    public const int DefaultHours = 24;

    /// <summary>The number of hours in the answer, for each merchant and currency.</summary>
    public int Hours => (int)(To - From).TotalHours;

    private static readonly string[] Parameters = ["merchant_id", "currency", "from", "to"];

    /// <summary>Reads the query string.</summary>
    /// <param name="query">Its parameters.</param>
    /// <param name="now">The end when no bounds are given.</param>
    /// <param name="errors">What is wrong; the request may be used only if nothing is.</param>
    public static TotalsRequest Read(IQueryCollection query, DateTimeOffset now, out QueryErrors errors)
    {
        errors = new QueryErrors(query, Parameters);
        var (from, to) = (errors.Time("from"), errors.Time("to"));
        if (errors.None && from is null && to is null)
        {
            (from, to) = (HourOf(now).AddHours(1 - DefaultHours), HourOf(now).AddHours(1));
        }

        if (from is null && to is not null)
        {
            errors.Add("from", "is missing: to is there.");
        }

        if (to is null && from is not null)
        {
            errors.Add("to", "is missing: from is there.");
        }

        errors.CheckBounds(from, to);
        if (from == to && from is not null)
        {
            errors.Add("to", "is the same as from: there is no hour between.");
        }

        if (to - from > TimeSpan.FromDays(MaxDays))
        {
            errors.Add("to", string.Create(CultureInfo.InvariantCulture, $"is more than {MaxDays} days after from. Ask for a part at a time."));
        }
        // The hour of the end is included completely, unless it is the last hour that a DateTimeOffset can
        // hold.
        if (to > DateTimeOffset.MaxValue.AddHours(-1))
        {
            errors.Add("to", "is beyond the last hour.");
        }

        return new(
            errors.Id("merchant_id"), errors.Currency(), HourOf(from ?? default), errors.None && to is { } end ? HourOf(end.AddTicks(TimeSpan.TicksPerHour - 1)) : default);
    }

    /// <summary>The beginning of the UTC hour of a time.</summary>
    private static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
