using Npgsql;

namespace Orders.Query.Totals;

/// <summary>
/// The statement of hourly totals. As in lists, its WHERE contains only the filters that are set.
/// </summary>
internal static class TotalsSql
{
    /// <summary>Makes it.</summary>
    /// <param name="command">Receives the text and the parameters.</param>
    /// <param name="request">The hours.</param>
    /// <param name="merchants">The merchants; null for all.</param>
    public static void Fill(NpgsqlCommand command, TotalsRequest request, IReadOnlyList<string>? merchants)
    {
        var conditions = "hour >= $1 AND hour < $2";
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.From.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.To.UtcDateTime });
        if (merchants is [var merchant])
        {
            conditions += $" AND merchant_id = {Bind(merchant)}";
        }
        else if (merchants is not null)
        {
            conditions += $" AND merchant_id = ANY ({Bind(merchants.ToArray())})";
        }

        if (request.Currency is { } currency)
        {
            conditions += $" AND currency = {Bind(currency.Code)}";
        }
        // A row remains when its last order is deleted.
        command.CommandText =
            $"""
            SELECT hour, currency, sum(orders)::bigint, sum(amount)::text
              FROM hourly_totals
             WHERE {conditions}
             GROUP BY hour, currency
            HAVING sum(orders) <> 0
             ORDER BY hour, currency
            """;

        string Bind(object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            return $"${command.Parameters.Count}";
        }
    }
}
