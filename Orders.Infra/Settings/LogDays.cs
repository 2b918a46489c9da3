using Amazon.CDK.AWS.Logs;

namespace Orders.Infra.Settings;

/// <summary>The numbers of days for which CloudWatch keeps logs.</summary>
internal static class LogDays
{
    private static readonly SortedDictionary<int, RetentionDays> Retentions = new()
    {
        [1] = RetentionDays.ONE_DAY,
        [3] = RetentionDays.THREE_DAYS,
        [5] = RetentionDays.FIVE_DAYS,
        [7] = RetentionDays.ONE_WEEK,
        [14] = RetentionDays.TWO_WEEKS,
        [30] = RetentionDays.ONE_MONTH,
        [60] = RetentionDays.TWO_MONTHS,
        [90] = RetentionDays.THREE_MONTHS,
        [180] = RetentionDays.SIX_MONTHS,
        [365] = RetentionDays.ONE_YEAR,
    };

    public static IEnumerable<int> Known => Retentions.Keys;

    /// <summary>Null for a number that CloudWatch does not support.</summary>
    public static RetentionDays? Of(int days) => Retentions.TryGetValue(days, out var retention) ? retention : null;
}
