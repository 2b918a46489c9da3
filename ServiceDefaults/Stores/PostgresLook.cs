using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Reads from Postgres with a hard time limit, even if Postgres is frozen, unreachable, out of connections
/// or slow.
/// </summary>
/// <remarks>
/// A statement is cancelled on its own thread: Npgsql sends the cancel request over a new connection and
/// blocks the calling thread until it is answered. A frozen Postgres would otherwise exhaust the thread
/// pool, which also serves requests without Postgres.
/// </remarks>
public static class PostgresLook
{
    /// <summary>
    /// Reads, and waits no longer than the limit. A read that is still running then is cancelled and not
    /// awaited.
    /// </summary>
    /// <param name="postgres">The database.</param>
    /// <param name="read">The read; it must use the token.</param>
    /// <param name="limit">For connecting and reading together.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="cancellationToken">The caller stops waiting. The read continues.</param>
    /// <exception cref="TimeoutException">There was no answer in time. Failures of Postgres come as they
    /// are.</exception>
    public static Task<T> LookAsync<T>(
        this NpgsqlDataSource postgres, Func<NpgsqlConnection, CancellationToken, Task<T>> read, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync(postgres, read, limit, time, onLate: null).WaitAsync(limit, time, cancellationToken);

    /// <summary>The simplest read: whether Postgres answers.</summary>
    /// <param name="postgres">The database.</param>
    /// <param name="limit">For connecting and answering together.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="cancellationToken">The caller stops waiting.</param>
    /// <exception cref="TimeoutException">There was no answer in time. Failures of Postgres come as they
    /// are.</exception>
    public static Task PingAsync(this NpgsqlDataSource postgres, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        postgres.LookAsync(SelectOneAsync, limit, time, cancellationToken);

    /// <summary>
    /// Runs the read. It may end later than its limit, since a cancel request needs an answer too; the
    /// caller decides whether to await it.
    /// </summary>
    /// <param name="postgres">The database.</param>
    /// <param name="read">The read; it must use the token.</param>
    /// <param name="limit">The time after which it is cancelled.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="onLate">Called when it is cancelled.</param>
    public static async Task<T> RunAsync<T>(
        NpgsqlDataSource postgres, Func<NpgsqlConnection, CancellationToken, Task<T>> read, TimeSpan limit, TimeProvider time, Action? onLate)
    {
        ArgumentNullException.ThrowIfNull(postgres);
        ArgumentNullException.ThrowIfNull(read);
        using var opening = new CancellationTokenSource(limit, time);
        // Not disposed of: it has no timer, and may be cancelled while this method ends.
        var statement = new CancellationTokenSource();
        using var late = opening.Token.UnsafeRegister(
            _ =>
            {
                _ = Task.Factory.StartNew(statement.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                onLate?.Invoke();
            },
            state: null);
        try
        {
            await using var connection = await postgres.OpenConnectionAsync(opening.Token);
            return await read(connection, statement.Token);
        }
        catch (OperationCanceledException cancelled) when (opening.IsCancellationRequested)
        {
            throw new TimeoutException("Postgres did not answer in time.", cancelled);
        }
        catch (Exception failure) when (PostgresNonsense.IsOne(failure))
        {
            // Nobody knows what else such a connection will say.
            postgres.Clear();
            throw new NpgsqlException($"What answers is not Postgres ({failure.Message.TrimEnd('.')}).", failure);
        }
    }

    private static async Task<object?> SelectOneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
