using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Sync.Cache;
using Orders.Sync.Projection;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// One transaction of a redrive: locks items, projects their letters as the stream's own batches are projected, strikes them out, frees the items
/// that have none left. The lock makes the stream wait with later records of the items, so that none overtakes and none is left behind.
/// </summary>
internal sealed class RedriveStep(NpgsqlDataSource database, OrderCacheWriter cache, DoubtfulOrders doubts, PassedOver passedOver)
{
    /// <summary>Tries the oldest letters of some items.</summary>
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

        (ChangeSet Changes, CacheCommit Cached, IReadOnlySet<Guid> Refused) committed;
        var passed = new List<PassedChange>();
        RedriveOutcome outcome;

        try
        {
            var records = letters.Select(letter => StreamRecord.Parse(letter.Json)).ToArray();
            var changes = ChangeSet.From(records);
            var ids = records.Zip(letters).ToDictionary(pair => pair.First, pair => pair.Second.Id, (IEqualityComparer<StreamRecord>)ReferenceEqualityComparer.Instance);
            var failed = changes.SetAside.Where(letter => letter.Error is not null).DistinctBy(letter => letter.ItemKey, StringComparer.Ordinal).ToArray();
            var applied = ids.Values.Except(changes.SetAside.Select(letter => ids[letter.Record])).ToArray();
            var cached = await cache.BeginBesideAsync(changes.Newest.Select(change => change.OrderId), cancellationToken);

            await using var statements = connection.CreateBatch();
            foreach (var command in ProjectionCommands.For(changes))
            {
                statements.BatchCommands.Add(command);
            }

            // What waited may be long past: an order that is gone by now is not to come back by it.
            statements.BatchCommands.Add(DoubtfulOrders.Note(changes.Newest.Select(change => change.OrderId)));
            statements.BatchCommands.Add(DeadLetterCommands.Remove(applied));
            statements.BatchCommands.Add(DeadLetterCommands.NoteFailed([.. failed.Select(letter => ids[letter.Record])], failed.Select(letter => letter.Error!)));
            statements.BatchCommands.Add(DeadLetterCommands.Unblock(items));
            cached.AddTo(statements, RefusedOrders.FindAndNote(changes.Newest));

            var refused = await RefusedOrders.ExecuteAsync(statements, passed, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            committed = (changes, cached, refused);
            outcome = new RedriveOutcome(letters[0].Id, applied.Length, [.. failed.Select(letter => letter.ItemKey)], more, null);
        }
        catch (PostgresException refusal) when (CacheCommit.IsRefusal(refusal))
        {
            cache.Refused(refusal);
            throw;
        }
        catch (Exception failure) when (ProjectionFailures.Classify(failure) == FailureKind.Record)
        {
            return new RedriveOutcome(letters[0].Id, 0, [], more, failure);
        }

        doubts.Noted(committed.Changes.Newest.Select(change => change.OrderId).ToHashSet());
        await passedOver.TellAsync(passed, cancellationToken);
        if (committed.Changes.Newest.Count > 0)
        {
            await cache.CompleteAsync(committed.Cached, committed.Changes, committed.Refused, cancellationToken);
        }

        return outcome;
    }

    /// <summary>Notes that a letter was refused again.</summary>
    public async Task NoteFailureAsync(long id, Exception refusal, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(DeadLetterCommands.NoteFailed([id], [refusal.Message]));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
