using Npgsql;
using Orders.Query.Reading;

namespace Orders.Query.Totals;

/// <summary>Hourly totals in Postgres.</summary>
internal sealed class TotalsStore(ReadModel readModel)
{
    /// <summary>Reads every hour, including empty ones.</summary>
    /// <param name="request">The hours.</param>
    /// <param name="merchants">The merchants; null for all, empty for one that the caller may not
    /// see.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<HourlyTotals> ReadAsync(TotalsRequest request, IReadOnlyList<string>? merchants, CancellationToken cancellationToken)
    {
        var byHour = (merchants is [] ? [] : await readModel.ReadAsync((connection, token) => FindAsync(connection, request, merchants, token), cancellationToken)).ToLookup(row => row.Hour, row => row.Amount);
        IReadOnlyList<CurrencyAmount> nothing = request.Currency is { } currency ? [new(currency.Code, 0, Amounts.Read(currency.Code, "0"))] : [];
        var hours = new List<HourTotal>();
        for (var hour = request.From; hour < request.To; hour = hour.AddHours(1))
        {
            IReadOnlyList<CurrencyAmount> amounts = [.. byHour[hour]];
            hours.Add(new(hour, amounts.Sum(amount => amount.Orders), amounts is [] ? nothing : amounts));
        }

        return new(request.MerchantId, request.From, request.To, hours);
    }

    private static async Task<List<(DateTimeOffset Hour, CurrencyAmount Amount)>> FindAsync(
        NpgsqlConnection connection, TotalsRequest request, IReadOnlyList<string>? merchants, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        TotalsSql.Fill(command, request, merchants);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(DateTimeOffset, CurrencyAmount)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var currency = rows.GetString(1);
            found.Add((rows.GetFieldValue<DateTimeOffset>(0), new(currency, rows.GetInt64(2), Amounts.Read(currency, rows.GetString(3)))));
        }

        return found;
    }
}
