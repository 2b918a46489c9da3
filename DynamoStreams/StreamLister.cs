using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Listing;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams;

/// <summary>
/// Lists a table's streams when this instance has claimed the listing, and stores what changed. One instance
/// lists for all.
/// </summary>
internal sealed partial class StreamLister(IStreamsApi api, ILeaseStore leases, StreamConsumerOptions options, TimeProvider time, ILogger logger)
{
    // One listing may be inconsistent. This many in a row are trusted when they omit a shard, or show older
    // streams as drained.
    private const int AgreeingListings = 3;

    private readonly Dictionary<ShardKey, int> _doubts = [];
    private Dictionary<string, int> _candidates = new(StringComparer.Ordinal);
    private TimeSpan _soon = options.SoonestListInterval;
    private bool _isToldWithout;
    private readonly FinishedShards _finished = new(api, leases, logger);

    /// <summary>Lists, unless another instance has claimed it.</summary>
    public async Task ListWhenDueAsync(CancellationToken cancellationToken)
    {
        if (!await leases.TryClaimListingAsync(options.TableName, options.ListInterval, cancellationToken))
        {
            return;
        }

        // A failure may end soon; an open question may stay open for long.
        var longest = PollingPolicy.Shorter(options.LongestListBackoff, options.ListInterval);
        var isSettled = false;
        try
        {
            isSettled = await ListAsync(cancellationToken);
            longest = options.ListInterval;
        }
        finally
        {
            _soon = isSettled ? options.SoonestListInterval : PollingPolicy.Shorter(_soon * 2, longest);
            await leases.EndListingAsync(options.TableName, isSettled ? options.ListInterval : _soon, CancellationToken.None);
        }
    }

    private async Task<bool> ListAsync(CancellationToken cancellationToken)
    {
        Task KeepAsync() => leases.KeepListingAsync(options.TableName, options.ListInterval, cancellationToken);
        var listings = await StreamListing.ReadAsync(api, options.TableName, time, KeepAsync, cancellationToken);
        var known = await leases.ReadLineageAsync(options.TableName, cancellationToken);
        TellWithoutStream(listings.Count == 0 && known.StreamArns.Count == 0);
        var plan = ShardLineage.Plan(listings, known, new Dictionary<ShardKey, bool>());
        if (plan.Doubtful.Count > 0)
        {
            plan = ShardLineage.Plan(listings, known, await AskAsync(plan.Doubtful, cancellationToken));
        }

        plan = Agreed(plan, listings, known);
        foreach (var shard in plan.BrokenOff)
        {
            LogBrokenOff(shard.ShardId, shard.StreamArn);
        }

        await leases.WriteLineageAsync(options.TableName, plan, cancellationToken);
        await _finished.ReviewAsync(listings, known, plan.Childless, cancellationToken);
        return plan.IsSettled && _candidates.Count == plan.Begins.Count && listings.Count > 0;
    }

    // Nothing is concluded from it: it is asked again. But a wrong name would otherwise be waited for in
    // silence.
    private void TellWithoutStream(bool isWithout)
    {
        if (isWithout && !_isToldWithout)
        {
            LogNoStream(options.TableName);
        }

        _isToldWithout = isWithout;
    }

    /// <summary>
    /// Allows a newer stream only when several listings in a row show the older ones as drained.
    /// </summary>
    private LineagePlan Agreed(LineagePlan plan, IReadOnlyList<ShardListing> listings, LineageState known)
    {
        _candidates = plan.Begins.ToDictionary(arn => arn, arn => _candidates.GetValueOrDefault(arn) + 1, StringComparer.Ordinal);
        var oldest = known.StreamArns.Concat(listings.Select(listing => listing.StreamArn)).FirstOrDefault();
        return plan with { Begins = [.. plan.Begins.Where(arn => arn == oldest || _candidates[arn] >= AgreeingListings)] };
    }

    /// <summary>
    /// Asks by name for shards that a listing should have contained. That one exists is certain only when
    /// several listings still omit it.
    /// </summary>
    private async Task<Dictionary<ShardKey, bool>> AskAsync(IReadOnlyList<ShardKey> doubtful, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<ShardKey, bool>();
        foreach (var key in _doubts.Keys.Except(doubtful).ToList())
        {
            _doubts.Remove(key);
        }

        foreach (var key in doubtful)
        {
            try
            {
                await api.GetShardIteratorAsync(key.StreamArn, key.ShardId, afterSequenceNumber: null, cancellationToken);
                var doubts = _doubts[key] = _doubts.GetValueOrDefault(key) + 1;
                if (doubts >= AgreeingListings)
                {
                    answers[key] = true;
                }
            }
            catch (StreamsException gone) when (gone.Failure is StreamsFailure.NotFound or StreamsFailure.TrimmedData)
            {
                answers[key] = false;
            }
        }

        return answers;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No stream of the table {TableName} is listed. It is asked for again. Is this the table's name, and is its stream enabled, with NEW_AND_OLD_IMAGES?")]
    private partial void LogNoStream(string tableName);

    [LoggerMessage(Level = LogLevel.Error, Message = "What followed shard {ShardId} of {StreamArn} was trimmed before it was found; the gap is written down")]
    private partial void LogBrokenOff(string shardId, string streamArn);
}
