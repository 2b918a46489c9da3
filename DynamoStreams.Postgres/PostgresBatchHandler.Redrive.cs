using DynamoStreams.Api;
using DynamoStreams.Applying;

namespace DynamoStreams.Postgres;

/// <summary>
/// Redrives dead letters after their cause is fixed: in the handler, a constraint or a rule.
/// </summary>
public abstract partial class PostgresBatchHandler
{
    private const int ItemsAtOnce = 100;
    private const int LettersAtOnce = 1_000;

    /// <summary>
    /// Retries all dead letters, item by item, the oldest first, until one of the item fails. The consumer
    /// may run meanwhile: later records of an item that is being redriven wait.
    /// </summary>
    /// <param name="table">The DynamoDB table whose records this handler applies. Letters of other tables in
    /// the schema are left alone.</param>
    /// <param name="cancellationToken">Stops between two transactions.</param>
    /// <returns>How many letters were applied, and how many items still have one that fails.</returns>
    public async Task<(long Applied, long ItemsLeft)> RedriveAsync(string table, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        var (applied, left) = (0L, 0L);
        for (var items = await ReadItemsAsync(table, "", cancellationToken); items.Count > 0; items = await ReadItemsAsync(table, items[^1], cancellationToken))
        {
            foreach (var item in items)
            {
                var (count, isFree) = await RedriveItemAsync(item, cancellationToken);
                applied += count;
                left += isFree ? 0 : 1;
            }
        }

        return (applied, left);
    }

    private async Task<List<string>> ReadItemsAsync(string table, string after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT item_key FROM {ConsumerSchema.In(schema)}.blocked_items WHERE item_key > $1 AND starts_with(item_key, $2) ORDER BY item_key LIMIT {ItemsAtOnce}");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = Prefix(table) });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
        {
            items.Add(rows.GetString(0));
        }

        return items;
    }

    private async Task<(long Applied, bool IsFree)> RedriveItemAsync(string item, CancellationToken cancellationToken)
    {
        var applied = 0L;
        for (var limit = LettersAtOnce; ;)
        {
            var (first, count, more, failure) = await TryRedriveAsync(item, limit, cancellationToken);
            applied += count;
            if (failure is null && !more)
            {
                return (applied, true);
            }

            if (failure is not null && limit == 1)
            {
                await NoteFailedAsync(first, failure, cancellationToken);
                return (applied, false);
            }

            // The letters before the failing one are applied.
            limit = failure is null ? limit : 1;
        }
    }

    private async Task<(long First, int Applied, bool More, Exception? Failure)> TryRedriveAsync(string item, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (letters, more) = await LockedLetters.ReadAsync(connection, [item], limit, cancellationToken, schema);
        try
        {
            await using var statements = connection.CreateBatch();
            Make([.. letters.Select(letter => StreamRecord.Parse(letter.Json))]).ForEach(statements.BatchCommands.Add);
            statements.BatchCommands.Add(DeadLetterCommands.Remove([.. letters.Select(letter => letter.Id)], schema));
            statements.BatchCommands.Add(DeadLetterCommands.Unblock([item], schema));
            await statements.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (0, letters.Count, more, null);
        }
        catch (Exception failure) when (Classify(failure) == FailureKind.Record)
        {
            return (letters[0].Id, 0, more, failure);
        }
    }

    private async Task NoteFailedAsync(long letter, Exception failure, CancellationToken cancellationToken)
    {
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(DeadLetterCommands.NoteFailed([letter], [failure.Message], schema));
        await statements.ExecuteNonQueryAsync(cancellationToken);
    }
}
