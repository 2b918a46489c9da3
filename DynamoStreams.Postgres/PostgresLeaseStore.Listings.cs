namespace DynamoStreams.Postgres;

/// <content>Which instance lists, and when the next listing is due.</content>
public sealed partial class PostgresLeaseStore
{
    /// <inheritdoc/>
    public async Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken) => await ExecuteAsync(
        $"""
        INSERT INTO {_schema}.listings AS l (table_name, due_at, claimed_until) VALUES ($1, clock_timestamp() + $2, clock_timestamp() + $2)
        ON CONFLICT (table_name) DO UPDATE SET due_at = excluded.due_at, claimed_until = excluded.claimed_until
         WHERE l.due_at <= clock_timestamp() AND l.claimed_until < clock_timestamp()
        """,
        cancellationToken,
        tableName,
        interval) == 1;

    /// <inheritdoc/>
    public Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken) => ExecuteAsync(
        $"UPDATE {_schema}.listings SET claimed_until = clock_timestamp() + $2 WHERE table_name = $1", cancellationToken, tableName, duration);

    /// <inheritdoc/>
    public Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) => ExecuteAsync(
        $"UPDATE {_schema}.listings SET claimed_until = '-infinity', due_at = least(due_at, clock_timestamp() + $2) WHERE table_name = $1", cancellationToken, tableName, within);

    /// <inheritdoc/>
    public Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) => ExecuteAsync(
        $"UPDATE {_schema}.listings SET due_at = least(due_at, clock_timestamp() + $2) WHERE table_name = $1", cancellationToken, tableName, within);

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        AddParameters(command.Parameters, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
