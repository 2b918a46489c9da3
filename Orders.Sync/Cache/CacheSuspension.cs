using DynamoStreams;
using Npgsql;
using Orders.Domain.Cache;

namespace Orders.Sync.Cache;

/// <summary>
/// Keeps readers away from Redis while this instance cannot announce its changes there: a row of <c>sync.cache_suspensions</c>, which every reader looks for
/// several times in the time that its trust lasts. No change is committed past Redis before that time is over; and none where the row is gone again.
/// </summary>
internal sealed partial class CacheSuspension(NpgsqlDataSource database, StreamConsumerOptions options, TimeProvider time, ILogger<CacheSuspension> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile Begun? _begun;
    private volatile bool _isSettled;

    /// <summary>Whose it is: this instance's name.</summary>
    public string Owner => options.Owner;

    /// <summary>Whether it has begun.</summary>
    public bool IsActive => _begun is not null;

    /// <summary>Begins it when it has not begun.</summary>
    /// <param name="reason">For a person.</param>
    /// <param name="purge">Whether the changes are not listed one by one, so that Redis must be emptied before it is read again.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether no reader trusts Redis any more; ask again when not.</returns>
    public async Task<bool> IsSettledAsync(string reason, bool purge, CancellationToken cancellationToken)
    {
        if (_isSettled)
        {
            return true;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_begun is not { } begun)
            {
                var others = await BeginAsync(reason, purge, cancellationToken);
                _begun = new Begun(time.GetTimestamp());
                LogBegun(reason);
                if (!others)
                {
                    return false;
                }
            }
            else if (time.GetElapsedTime(begun.At) < OrderCache.SuspensionDelay)
            {
                return false;
            }

            await ExecuteAsync("UPDATE sync.cache_suspensions SET is_settled = true WHERE owner = $1", cancellationToken);
            _isSettled = true;
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The row is gone: it must be begun anew.</summary>
    public void Forget()
    {
        _isSettled = false;
        _begun = null;
    }

    /// <summary>Ends this instance's suspension, and those of instances that are gone, when Redis lacks nothing that is listed.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there is none left but those of other live instances.</returns>
    public async Task<bool> TryLiftAsync(CancellationToken cancellationToken)
    {
        foreach (var owner in await FindLiftableAsync(cancellationToken))
        {
            if (!await TryLiftAsync(owner, cancellationToken))
            {
                return false;
            }

            if (owner == Owner)
            {
                Forget();
                LogLifted();
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    // Another's that is settled keeps all readers away already, and stays until its owner or this row's is done.
    private async Task<bool> BeginAsync(string reason, bool purge, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            INSERT INTO sync.cache_suspensions (owner, reason, needs_purge) VALUES ($1, $2, $3)
            ON CONFLICT (owner) DO UPDATE SET needs_purge = sync.cache_suspensions.needs_purge OR excluded.needs_purge
            """)
        {
            Parameters = { new() { Value = Owner }, new() { Value = reason }, new() { Value = purge } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);

        // Behind the commit of the own row: the other cannot have been lifted before it.
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM sync.cache_suspensions WHERE is_settled AND owner <> $1)");
        command.Parameters.Add(new() { Value = Owner });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // An instance that is gone neither beats nor holds a shard. A command has neither either, and ends sooner; were its row taken from it, its commit would fail.
    private async Task<List<string>> FindLiftableAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT owner
              FROM sync.cache_suspensions AS s
             WHERE owner = $1
                OR (suspended_at < clock_timestamp() - interval '30 s'
                    AND NOT EXISTS (SELECT FROM sync.instances AS i WHERE i.owner = s.owner AND alive_until >= clock_timestamp()))
             ORDER BY owner <> $1
            """);
        command.Parameters.Add(new() { Value = Owner });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var owners = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
        {
            owners.Add(rows.GetString(0));
        }

        return owners;
    }

    /// <summary>The lock waits for commits past Redis that are under way; the look behind it sees what they listed.</summary>
    private async Task<bool> TryLiftAsync(string owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var claim = new NpgsqlCommand("SELECT needs_purge FROM sync.cache_suspensions WHERE owner = $1 FOR UPDATE", connection) { Parameters = { new() { Value = owner } } })
        {
            switch (await claim.ExecuteScalarAsync(cancellationToken))
            {
                case null:
                    return true;
                case true:
                    await ExecuteAsync(connection, "DELETE FROM sync.cache_identity", cancellationToken);
                    break;
            }
        }

        await using (var look = new NpgsqlCommand("SELECT EXISTS (SELECT FROM sync.cache_repairs)", connection))
        {
            if ((bool)(await look.ExecuteScalarAsync(cancellationToken))!)
            {
                return false;
            }
        }

        await using (var lift = new NpgsqlCommand("DELETE FROM sync.cache_suspensions WHERE owner = $1", connection) { Parameters = { new() { Value = owner } } })
        {
            await lift.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = Owner });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Begun(long At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}: nobody reads it until it has every change again")]
    private partial void LogBegun(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis has every change again, and is read again")]
    private partial void LogLifted();
}
