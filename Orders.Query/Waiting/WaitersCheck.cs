using Npgsql;
using Orders.Query.Reading;

namespace Orders.Query.Waiting;

/// <summary>
/// Polls Postgres for the versions that waiters need, with one statement for all. It wakes them when the
/// change feed does not: Redis is unavailable or a message was lost.
/// </summary>
internal sealed partial class WaitersCheck(ReadModel readModel, Waiters waiters, TimeProvider time, ILogger<WaitersCheck> logger) : BackgroundService
{
    private const string Sql =
        """
        SELECT order_id, version, merchant_id FROM orders WHERE order_id = ANY ($1)
        UNION ALL
        SELECT order_id, version, merchant_id FROM sync.tombstones WHERE order_id = ANY ($1)
        """;

    // A change takes milliseconds. A waiter that is left after the first poll waits for something slow.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The backoff between two polls: longer each time, and reset when there is a new waiter.
    /// </summary>
    internal static TimeSpan NextPause(TimeSpan pause, bool newcomers) =>
        newcomers ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (true)
        {
            await waiters.AnyAsync(stoppingToken);
            await Task.Delay(pause, time, stoppingToken);
            var orderIds = waiters.OrderIds(out var newcomers);
            pause = NextPause(pause, newcomers);
            if (orderIds is not [])
            {
                await LookAsync(orderIds, stoppingToken);
            }
        }
    }

    private async Task LookAsync(Guid[] orderIds, CancellationToken stoppingToken)
    {
        try
        {
            foreach (var (orderId, version, merchantId) in await readModel.ReadAsync((connection, token) => ReadAsync(connection, orderIds, token), stoppingToken))
            {
                waiters.OnChange(orderId, version, merchantId);
            }
        }
        catch (Exception failure) when (ReadModelFaults.Explain(failure) is not null)
        {
            LogNotSeen(failure.Message);
        }
    }

    private static async Task<List<(Guid OrderId, long Version, string MerchantId)>> ReadAsync(
        NpgsqlConnection connection, Guid[] orderIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = orderIds });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, long, string)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add((rows.GetGuid(0), rows.GetInt64(1), rows.GetString(2)));
        }

        return found;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Postgres could not be asked for what is waited for: {Reason}")]
    private partial void LogNotSeen(string reason);
}
