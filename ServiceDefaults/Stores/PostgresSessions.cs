using Microsoft.Extensions.Logging;
using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Drops pooled sessions that have become useless. A session keeps the settings with which it began: if its
/// role was read-only then, or had another search path, time limit or role, it stays so while the pool keeps
/// it. A primary that became a standby leaves such sessions too.
/// </summary>
/// <param name="postgres">The pool.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class PostgresSessions(NpgsqlDataSource postgres, TimeProvider time, ILogger<PostgresSessions> logger)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly long _between = (long)(Between.TotalSeconds * time.TimestampFrequency);
    private long _clearedAt = long.MinValue;

    /// <summary>
    /// Reports a failure. If a session's settings may be the cause, no existing session is used again. This
    /// happens at most once a second, since new sessions do not help if the cause is another.
    /// </summary>
    /// <param name="failure">The failure of a statement.</param>
    public void Note(Exception failure)
    {
        if ((PostgresNonsense.IsOne(failure) ? "nonsense" : SqlState(failure)) is not { } state)
        {
            return;
        }

        var last = Interlocked.Read(ref _clearedAt);
        var now = time.GetTimestamp();
        if ((last != long.MinValue && now - last < _between) || Interlocked.CompareExchange(ref _clearedAt, now, last) != last)
        {
            return;
        }

        LogCleared(logger, state);
        postgres.Clear();
    }

    private static string? SqlState(Exception? failure) => failure switch
    {
        null => null,
        PostgresException { SqlState: var state } when IsOfTheSession(state) => state,
        _ => SqlState(failure.InnerException),
    };

    // Read-only; a time limit (statement_timeout, lock_timeout); another search path; another role. A lost
    // connection leaves the pool by itself.
    private static bool IsOfTheSession(string state) => state is
        PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UndefinedTable
        or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres refused a statement ({SqlState}) in a way that can be the session's own: the pool begins anew")]
    private static partial void LogCleared(ILogger logger, string sqlState);
}
