using Npgsql;

namespace Orders.Warehouse.Tables;

/// <summary>
/// Says which instance reads the slot. Postgres lets only one connection read a slot, but a snapshot and the
/// making of a slot need the same right, and a frozen instance has to lose it.
/// </summary>
/// <param name="database">The database, whose clock it is.</param>
/// <param name="names">The slot's.</param>
/// <param name="time">The clock of waits.</param>
internal sealed class SlotLeases(NpgsqlDataSource database, SlotNames names, TimeProvider time)
{
    /// <summary>How long a lease holds without a renewal.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    /// <summary>How often it is renewed, and asked for.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    private readonly string _me = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(time.GetUtcNow()):N}";

    /// <summary>Takes the lease if it is free, or waits for it.</summary>
    /// <param name="onWait">Called when another instance has it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<SlotLease> AcquireAsync(Action onWait, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var command = database.CreateCommand(
                """
                INSERT INTO warehouse.slots AS s (name, holder, epoch, held_until) VALUES ($1, $2, 1, clock_timestamp() + $3)
                ON CONFLICT (name) DO UPDATE SET holder = $2, epoch = s.epoch + 1, held_until = clock_timestamp() + $3 WHERE s.held_until < clock_timestamp()
                RETURNING epoch
                """);
            command.Parameters.Add(new() { Value = names.Slot });
            command.Parameters.Add(new() { Value = _me });
            command.Parameters.Add(new() { Value = Duration });
            if (await command.ExecuteScalarAsync(cancellationToken) is long epoch)
            {
                return new(names.Slot, epoch);
            }

            onWait();
            await Task.Delay(Renewal, time, cancellationToken);
        }
    }

    /// <summary>Renews it.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="caughtUpAt">Everything committed by then is stored; null when that is not known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The position of the write-ahead log now, and the server's time; null when another instance
    /// has the lease.</returns>
    public async Task<(ulong Lsn, DateTime Now)?> RenewAsync(SlotLease lease, DateTime? caughtUpAt, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE warehouse.slots SET held_until = clock_timestamp() + $3, caught_up_at = greatest(caught_up_at, $4) WHERE name = $1 AND epoch = $2
            RETURNING (pg_current_wal_insert_lsn() - '0/0')::bigint, clock_timestamp()
            """);
        command.Parameters.Add(new() { Value = lease.Slot });
        command.Parameters.Add(new() { Value = lease.Epoch });
        command.Parameters.Add(new() { Value = Duration });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = caughtUpAt, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ((ulong)reader.GetInt64(0), reader.GetDateTime(1)) : null;
    }

    /// <summary>Gives it back, so that another instance need not wait.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task ReleaseAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE warehouse.slots SET held_until = '-infinity', holder = NULL WHERE name = $1 AND epoch = $2");
        command.Parameters.Add(new() { Value = lease.Slot });
        command.Parameters.Add(new() { Value = lease.Epoch });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
