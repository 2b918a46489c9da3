using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Looks into Postgres that end in time, whatever Postgres does: frozen, cut off, out of connections, slow.
/// </summary>
/// <remarks>
/// A statement is cancelled on a thread of its own: Npgsql sends the cancel request over a new connection
/// and blocks the calling thread until it is answered. A frozen Postgres would otherwise take the thread
/// pool's threads, which serve what needs no Postgres.
/// </remarks>
public static class PostgresLook
{
    /// <summary>
    /// Looks, and waits for no more than the limit. What still runs then is cancelled, and waited for by
    /// nobody.
    /// </summary>
    /// <param name="postgres">Where to look.</param>
    /// <param name="read">Reads; it must pass the token on.</param>
    /// <param name="limit">For connecting and reading together.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="cancellationToken">The caller does not wait any more. The look goes on.</param>
    /// <exception cref="TimeoutException">There was no answer in time. Failures of Postgres come as they
    /// are.</exception>
    public static Task<T> LookAsync<T>(
        this NpgsqlDataSource postgres, Func<NpgsqlConnection, CancellationToken, Task<T>> read, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync(postgres, read, limit, time, onLate: null).WaitAsync(limit, time, cancellationToken);

    /// <summary>The simplest look: whether Postgres answers.</summary>
    /// <param name="postgres">Where to look.</param>
    /// <param name="limit">For connecting and answering together.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="cancellationToken">The caller does not wait any more.</param>
    /// <exception cref="TimeoutException">There was no answer in time. Failures of Postgres come as they
    /// are.</exception>
    public static Task PingAsync(this NpgsqlDataSource postgres, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        postgres.LookAsync(SelectOneAsync, limit, time, cancellationToken);

    /// <summary>
    /// The look itself. It may end later than its limit, since a cancel request needs an answer too: waiting
    /// for it is up to the caller.
    /// </summary>
    /// <param name="postgres">Where to look.</param>
    /// <param name="read">Reads; it must pass the token on.</param>
    /// <param name="limit">After which it is cancelled.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="onLate">Called when it is cancelled.</param>
    public static async Task<T> RunAsync<T>(
        NpgsqlDataSource postgres, Func<NpgsqlConnection, CancellationToken, Task<T>> read, TimeSpan limit, TimeProvider time, Action? onLate)
    {
        ArgumentNullException.ThrowIfNull(postgres);
        ArgumentNullException.ThrowIfNull(read);
        using var opening = new CancellationTokenSource(limit, time);
        // Not disposed of: it has no timer, and may be cancelled while this ends.
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
    }

    private static async Task<object?> SelectOneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
