using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Reading;
using Microsoft.Extensions.Logging;

namespace DynamoStreams;

/// <summary>
/// Reopens shards that were finished by mistake: looks for records after the checkpoints of finished shards
/// that the service still lists.
/// </summary>
internal sealed partial class FinishedShards(IStreamsApi api, ILeaseStore leases, ILogger logger)
{
    // Reads of a shard are limited (two readers), and a listing should be short.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
    private const int ReviewsInListing = 5;

    // One read that finds nothing may be a wrong answer. This many, each in its own listing, are trusted.
    private const int AgreeingLooks = 3;

    // For each shard: the review in which it was read last, and how many reads found nothing.
    private readonly Dictionary<ShardKey, (long Review, int Looks)> _reviewed = [];
    private readonly HashSet<ShardKey> _reopened = [];
    private long _review;

    /// <summary>
    /// Reviews some of them. Shards without children are reviewed each time, since a shard of an enabled
    /// stream never ends without children. The others are reviewed until several reads agree. A shard that
    /// cannot be read now is reviewed later.
    /// </summary>
    public async Task ReviewAsync(IReadOnlyList<ShardListing> listings, LineageState known, IReadOnlyList<ShardKey> childless, CancellationToken cancellationToken)
    {
        _review++;
        var listed = listings.SelectMany(listing => listing.Shards.Select(shard => new ShardKey(listing.StreamArn, shard.ShardId))).ToHashSet();
        var finished = known.Shards.Where(shard => shard.Finished && listed.Contains(shard.Key)).ToList();
        foreach (var gone in _reviewed.Keys.Except(finished.Select(shard => shard.Key)).ToList())
        {
            _reviewed.Remove(gone);
        }

        var chosen = finished
            .Where(shard => _reviewed.GetValueOrDefault(shard.Key).Looks < AgreeingLooks || childless.Contains(shard.Key))
            .OrderBy(shard => _reviewed.GetValueOrDefault(shard.Key).Review).Take(ReviewsInListing).ToList();
        foreach (var shard in chosen)
        {
            await ReviewAsync(shard, childless.Contains(shard.Key), cancellationToken);
        }
    }

    private async Task ReviewAsync(ShardState shard, bool isChildless, CancellationToken cancellationToken)
    {
        var looks = _reviewed.GetValueOrDefault(shard.Key).Looks;
        try
        {
            var (found, isOpen) = await ShardPages.FindAsync(
                api, shard.Key, shard.Checkpoint, record => shard.Checkpoint is null || SequenceNumber.Compare(record.SequenceNumber, shard.Checkpoint) > 0, cancellationToken);
            var hasRecords = found is not null;

            // A next iterator alone reopens a shard only once. If it ends again, there was a second sign.
            if ((hasRecords || (isOpen && isChildless && !_reopened.Contains(shard.Key))) && await leases.ReopenAsync(shard, cancellationToken))
            {
                _reopened.Add(shard.Key);
                _reviewed.Remove(shard.Key);
                LogReopened(shard.ShardId, shard.StreamArn, hasRecords ? "has records" : "is open", shard.Checkpoint ?? "TRIM_HORIZON");
                return;
            }
        }
        catch (StreamsException failed) when (failed.Failure is StreamsFailure.TrimmedData)
        {
            // What follows the checkpoint is trimmed, so reopening would find nothing.
        }
        catch (StreamsException failed)
        {
            // "Not found" proves nothing here, because the shard is listed.
            LogFailed(failed, shard.ShardId);
            _reviewed[shard.Key] = (_review, looks);
            return;
        }

        _reviewed[shard.Key] = (_review, looks + 1);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId} of {StreamArn} was finished and {What} after {Checkpoint}: its end is taken back")]
    private partial void LogReopened(string shardId, string streamArn, string what, string checkpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: looking behind its end failed")]
    private partial void LogFailed(Exception exception, string shardId);
}
