using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Sync.Projection;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// One transaction of a redrive: it locks items, projects their letters in the same way as batches of the
/// stream, deletes the letters, and unblocks items that have none left. Because of the lock, later records
/// of the items in the stream wait, so that order is kept.
/// </summary>
internal sealed class RedriveStep(NpgsqlDataSource database, ProjectionWriter writer, DoubtfulOrders doubts)
{
    /// <summary>Redrives the oldest letters of some items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="limit">At most so many letters.</param>
    /// <param name="cancellationToken">Stops: either all of it is committed or nothing.</param>
    public async Task<RedriveOutcome> RunAsync(string[] items, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ProjectionGate.ShareAsync(connection, cancellationToken);
        var (letters, more) = await LockedLetters.ReadAsync(connection, items, limit, cancellationToken);
        if (letters.Count == 0)
        {
            return new RedriveOutcome(0, 0, [], false, null);
        }

        (OrderWriting Writing, WrittenOrders Written, RedriveOutcome Outcome) committed;
        try
        {
            committed = await ProjectAsync(connection, items, letters, more, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure) when (ProjectionFailures.Classify(failure) == FailureKind.Record)
        {
            return new RedriveOutcome(letters[0].Id, 0, [], more, failure);
        }

        var (writing, written, outcome) = committed;
        doubts.Noted(written.Changes.Newest.Select(change => change.OrderId).ToHashSet());
        await writing.FinishAsync(written, cancellationToken);
        return outcome;
    }

    private async Task<(OrderWriting Writing, WrittenOrders Written, RedriveOutcome Outcome)> ProjectAsync(
        NpgsqlConnection connection, string[] items, IReadOnlyList<(long Id, string ItemKey, ReadOnlyMemory<byte> Json)> letters, bool more, CancellationToken cancellationToken)
    {
        var records = letters.Select(letter => StreamRecord.Parse(letter.Json)).ToArray();
        var changes = ChangeSet.From(records);
        var ids = records.Zip(letters).ToDictionary(pair => pair.First, pair => pair.Second.Id, (IEqualityComparer<StreamRecord>)ReferenceEqualityComparer.Instance);
        var failed = changes.SetAside.Where(letter => letter.Error is not null).DistinctBy(letter => letter.ItemKey, StringComparer.Ordinal).ToArray();
        var applied = ids.Values.Except(changes.SetAside.Select(letter => ids[letter.Record])).ToArray();
        Guid[] orderIds = [.. changes.Newest.Select(change => change.OrderId)];
        NpgsqlBatchCommand[] beside =
        [
            // A waiting letter may be old: it must not bring back an order that was deleted since.
            DoubtfulOrders.Note(orderIds),
            DeadLetterCommands.Remove(applied),
            DeadLetterCommands.NoteFailed([.. failed.Select(letter => ids[letter.Record])], failed.Select(letter => letter.Error!)),
            DeadLetterCommands.Unblock(items),
        ];

        var writing = await writer.BeginBesideAsync(orderIds, cancellationToken);
        await using var statements = connection.CreateBatch();
        var written = await writing.CommitAsync(() => writing.ExecuteAsync(statements, changes, beside, asksTable: true, cancellationToken), cancellationToken);
        return (writing, written, new RedriveOutcome(letters[0].Id, applied.Length, [.. failed.Select(letter => letter.ItemKey)], more, null));
    }

    /// <summary>Stores that a letter failed again.</summary>
    public async Task NoteFailureAsync(long id, Exception refusal, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(DeadLetterCommands.NoteFailed([id], [refusal.Message]));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
