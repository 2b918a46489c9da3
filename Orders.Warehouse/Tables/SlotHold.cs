using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Tables;

/// <summary>Holds the lease of the slot while its holder works.</summary>
internal sealed partial class SlotHold(NpgsqlDataSource database, SlotLeases leases, TablesState state, TimeProvider time, ILogger<SlotHold> logger)
{
    /// <summary>Renews the lease until the work ends, and ends the work when it is lost.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="held">The work.</param>
    public Task KeepAsync(SlotLease lease, CancellationTokenSource held) => Task.WhenAll(RenewAsync(lease, held), WatchAsync(held));

    /// <summary>Gives the lease back.</summary>
    public async Task ReleaseAsync(SlotLease lease)
    {
        try
        {
            await leases.ReleaseAsync(lease, CancellationToken.None).WaitAsync(SlotLeases.Renewal, time);
        }
        catch (Exception failed) when (PostgresFaults.IsNoAnswer(failed))
        {
            LogNotRenewed(failed.Message);
        }
    }

    private async Task RenewAsync(SlotLease lease, CancellationTokenSource held)
    {
        var renewedAt = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(SlotLeases.Renewal, time, held.Token);
                try
                {
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(held.Token);
                    patience.CancelAfter(SlotLeases.Renewal);
                    if (await leases.RenewAsync(lease, state.CaughtUpAt, patience.Token) is not { } now)
                    {
                        break;
                    }

                    state.Mark(now.Lsn, now.Now);
                    renewedAt = time.GetTimestamp();
                }
                catch (Exception failed) when (PostgresFaults.IsNoAnswer(failed) || (failed is OperationCanceledException && !held.IsCancellationRequested))
                {
                    LogNotRenewed(failed.Message);
                }

                if (time.GetElapsedTime(renewedAt) > SlotLeases.Duration)
                {
                    break;
                }
            }

            await held.CancelAsync();
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            // The work has ended.
        }
    }

    /// <summary>A Postgres that is told to end ends its sessions, but not a reader of a slot before that has
    /// confirmed everything; and it cannot, since it could not register what it has.</summary>
    private async Task WatchAsync(CancellationTokenSource held)
    {
        try
        {
            await using var session = await database.OpenConnectionAsync(held.Token);
            await ReadFirstAsync(session, held.Token);
            while (true)
            {
                await session.WaitAsync(held.Token);
            }
        }
        catch (PostgresException ended) when (ended.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown)
        {
            await held.CancelAsync();
        }
        catch (Exception failed) when (failed is OperationCanceledException or ObjectDisposedException || PostgresFaults.IsNoAnswer(failed))
        {
            // The renewals of the lease say whether Postgres answers.
        }
    }

    // A session of the pool sends the statement that resets it with whatever it sends first. A wait that is
    // cancelled at its beginning leaves the answer to that unread, and the next user of the session takes it
    // for the answer to its own statement (Npgsql 10).
    private static async Task ReadFirstAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using var first = new NpgsqlCommand("SELECT 1", session);
        await first.ExecuteScalarAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of the replication slot could not be renewed: {Reason}")]
    private partial void LogNotRenewed(string reason);
}
