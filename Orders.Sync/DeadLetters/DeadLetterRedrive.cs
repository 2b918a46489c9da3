using DynamoStreams.Applying;
using Npgsql;
using Orders.Sync.Projection;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// Redrives dead letters: those of each item in order, from its first. Many items share a transaction. When
/// Postgres rejects it, the items are bisected to one item, and its records to the one that fails. That
/// record stays with its new error, and the later ones wait for it.
/// </summary>
internal sealed class DeadLetterRedrive(NpgsqlDataSource database, RedriveStep step, TimeProvider time)
{
    private const int ItemsAtATime = 100;
    private const int LettersAtATime = 1000;

    /// <summary>The attempts after a deadlock or a lost connection.</summary>
    private const int Tries = 5;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Redrives. Each step commits: a run that was stopped continues with the rest when it is started again.
    /// </summary>
    /// <param name="filter">Selects the letters; an item that has one of them is redriven from its first
    /// letter.</param>
    /// <param name="progress">Reports after every hundred items.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RedriveResult> RunAsync(DeadLetterFilter filter, IProgress<RedriveResult>? progress, CancellationToken cancellationToken)
    {
        var counts = new RedriveResult(0, 0, 0);
        var after = "";
        while (await ItemsAsync(filter, after, cancellationToken) is { Length: > 0 } items)
        {
            counts = await TogetherAsync(items, counts, cancellationToken);
            progress?.Report(counts);
            after = items[^1];
        }

        return counts with { Remaining = await CountAsync(filter, cancellationToken) };
    }

    private async Task<RedriveResult> TogetherAsync(string[] items, RedriveResult counts, CancellationToken cancellationToken)
    {
        while (items.Length > 0)
        {
            var outcome = await StepAsync(items, LettersAtATime, cancellationToken);
            if (outcome.Refusal is not null)
            {
                if (items.Length == 1)
                {
                    return await OneByOneAsync(items[0], counts, cancellationToken);
                }

                var half = items.Length / 2;
                counts = await TogetherAsync(items[..half], counts, cancellationToken);
                items = items[half..];
                continue;
            }

            counts = Add(counts, outcome);
            items = outcome.More ? [.. items.Except(outcome.FailedItems, StringComparer.Ordinal)] : [];
        }

        return counts;
    }

    /// <summary>
    /// Redrives one item with a record that Postgres rejects: steps double as long as they succeed, and
    /// halve when one fails.
    /// </summary>
    private async Task<RedriveResult> OneByOneAsync(string item, RedriveResult counts, CancellationToken cancellationToken)
    {
        for (var size = 1; ;)
        {
            var outcome = await StepAsync([item], size, cancellationToken);
            if (outcome.Refusal is null)
            {
                counts = Add(counts, outcome);
                if (!outcome.More || outcome.FailedItems.Count > 0)
                {
                    return counts;
                }

                size = Math.Min(size * 2, LettersAtATime);
            }
            else if (size > 1)
            {
                size /= 2;
            }
            else
            {
                await step.NoteFailureAsync(outcome.FirstId, outcome.Refusal, cancellationToken);
                return counts with { Failed = counts.Failed + 1 };
            }
        }
    }

    private async Task<RedriveOutcome> StepAsync(string[] items, int limit, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await step.RunAsync(items, limit, cancellationToken);
            }
            catch (Exception failure) when (tries < Tries && !cancellationToken.IsCancellationRequested && ProjectionFailures.Classify(failure) is FailureKind.Passing or FailureKind.Slow)
            {
                await Task.Delay(BetweenTries * tries, time, cancellationToken);
            }
        }
    }

    private static RedriveResult Add(RedriveResult counts, RedriveOutcome outcome) =>
        counts with { Applied = counts.Applied + outcome.Applied, Failed = counts.Failed + outcome.FailedItems.Count };

    // An item is redriven whole. One that has a letter of somebody else is not the caller's to redrive.
    private async Task<string[]> ItemsAsync(DeadLetterFilter filter, string after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT DISTINCT d.item_key
              FROM sync.dead_letters AS d
             WHERE {DeadLetterFilter.Condition} AND d.item_key > $4
               AND ($5 IS NULL OR NOT EXISTS (
                   SELECT FROM sync.dead_letters AS other WHERE other.item_key = d.item_key AND (other.tenant = ANY ($5)) IS NOT TRUE))
             ORDER BY d.item_key
             LIMIT {ItemsAtATime}
            """);
        filter.AddTo(command.Parameters);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(filter.OwnersParameter());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(reader.GetString(0));
        }

        return [.. items];
    }

    private async Task<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT count(*) FROM sync.dead_letters AS d WHERE {DeadLetterFilter.Condition}");
        filter.AddTo(command.Parameters);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
