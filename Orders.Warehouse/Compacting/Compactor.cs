using Npgsql;
using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Compacting;

/// <summary>Turns the small files of past days into large ones.</summary>
internal sealed class Compactor(NpgsqlDataSource database, DayRewrite rewrite, TimeProvider time)
{
    /// <summary>Finds the past days that have small files to be put together.</summary>
    /// <param name="quiet">No file of the day has come for this long.</param>
    /// <param name="leastFiles">A day that was put together before has at least so many files again.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<DayFiles>> FindAsync(TimeSpan quiet, int leastFiles, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(ReplacementCommands.FindDays(today, quiet, leastFiles));
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        var days = new List<DayFiles>();
        while (await reader.ReadAsync(cancellationToken))
        {
            days.Add(new(reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return days;
    }

    /// <summary>Puts a day's files together.</summary>
    /// <param name="day">The day.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when files of the day are on their way: try again later.</returns>
    public async Task<bool> CompactAsync(DayFiles day, CancellationToken cancellationToken) => await rewrite.WriteAsync(day.Log, day.Day, leaveOut: null, cancellationToken) is not null;
}
