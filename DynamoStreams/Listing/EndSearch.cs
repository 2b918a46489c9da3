using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Listing;

/// <summary>
/// Looks for a second sign that a shard has ended, or is gone: what its own iterators say is one sign, and
/// may be a lie. DescribeStream allows ten calls a second for the whole stream: so a search is one call at
/// first, then what the one lister finds, and seldom a call again.
/// </summary>
internal sealed partial class EndSearch(
    IStreamsApi api, ILeaseStore leases, ShardKey shard, ListingPace pace, ChildFilter filter, TimeProvider time, ILogger logger)
{
    /// <summary>So many listings are asked for until the service is asked for this shard again.</summary>
    private const int ListingsBetweenCalls = 6;

    /// <summary>
    /// A shard that keeps saying that it has ended, and goes on, is not asked about more often.
    /// </summary>
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(1);

    private volatile bool _hasChildren;
    private int _turns;
    private long _lastTurn;
    private TimeSpan _nextTurnIn = TimeSpan.MinValue;

    /// <summary>Whether its children are written down.</summary>
    public bool HasChildren => _hasChildren;

    /// <summary>Whether it was looked for in vain.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>A child is written down: only a shard that has ended has any.</summary>
    public void ChildIsKnown() => _hasChildren = true;

    /// <summary>
    /// Looks for a second sign that the shard has ended. Poll it until it is true: it limits its own calls.
    /// </summary>
    /// <param name="lastRead">The last record read of it; null when there was none.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<bool> FindAsync(string? lastRead, CancellationToken cancellationToken)
    {
        if (_hasChildren)
        {
            return true;
        }

        IsWaiting = true;
        if (_nextTurnIn != TimeSpan.MinValue && time.GetElapsedTime(_lastTurn) < _nextTurnIn)
        {
            return false;
        }

        var turn = _turns++;
        _lastTurn = time.GetTimestamp();
        _nextTurnIn = turn == 0 ? pace.Soonest : PollingPolicy.Shorter(_nextTurnIn * 2, pace.Longest);
        try
        {
            if (turn % ListingsBetweenCalls == 0 && await AskAsync(lastRead, isFirst: turn == 0, cancellationToken))
            {
                return true;
            }

            if (turn == 0)
            {
                LogUnproven(shard.ShardId);
            }

            // The one lister finds children for all.
            await leases.ListWithinAsync(pace.TableName, TimeSpan.Zero, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(failure, shard.ShardId);
        }

        return false;
    }

    /// <summary>The shard goes on.</summary>
    public void Restart()
    {
        if (IsWaiting)
        {
            (IsWaiting, _turns, _nextTurnIn) = (false, 0, BetweenSearches);
        }
    }

    /// <summary>
    /// Looks once whether the service has really forgotten the shard: its stream is listed without it, or is
    /// listed no more itself.
    /// </summary>
    /// <returns>Null when nothing can be told.</returns>
    public async Task<bool?> IsGoneAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await StreamListing.ReadStreamAsync(api, new StreamSummary(shard.StreamArn, ""), time, pageRead: null, cancellationToken) is not var (listing, _))
            {
                var streams = await api.ListStreamsAsync(pace.TableName, cancellationToken);
                return streams.All(stream => stream.StreamArn != shard.StreamArn);
            }

            // A stream that is enabled always has a shard: one without any is not listed well.
            return listing.Shards.All(other => other.ShardId != shard.ShardId) ? listing.Shards.Count > 0 || !listing.IsEnabled ? true : null : false;
        }
        catch (StreamsException failed)
        {
            LogFailed(failed, shard.ShardId);
            return null;
        }
    }

    private async Task<bool> AskAsync(string? lastRead, bool isFirst, CancellationToken cancellationToken)
    {
        StreamDescription page;
        try
        {
            // Later without the filter: then there are other shards to compare this one with.
            page = await api.DescribeStreamAsync(shard.StreamArn, afterShardId: null, childrenOf: isFirst && !filter.IsRefused ? shard.ShardId : null, cancellationToken);
        }
        catch (StreamsException refused) when (refused.Failure == StreamsFailure.Invalid && isFirst && !filter.IsRefused)
        {
            filter.Refused();
            page = await api.DescribeStreamAsync(shard.StreamArn, afterShardId: null, childrenOf: null, cancellationToken);
        }
        catch (StreamsException failed)
        {
            LogFailed(failed, shard.ShardId);
            return false;
        }

        // A service that does not know the filter answers with everything.
        var children = page.Shards.Where(other => other.ParentShardId == shard.ShardId).ToList();
        if (children.Count > 0)
        {
            await leases.AddAsync([.. children.Select(child => (shard.StreamArn, child))], cancellationToken);
            _hasChildren = true;
            return true;
        }

        return page.Status is "DISABLING" or "DISABLED" || IsReadToItsEnd(page.Shards, lastRead);
    }

    /// <summary>
    /// Whether the shard is listed with an end that was read. An emulator lists every shard with one, also
    /// those that are open: so another shard must be listed without, as an enabled stream always has one
    /// that is open.
    /// </summary>
    private bool IsReadToItsEnd(IReadOnlyList<ShardDescription> shards, string? lastRead) =>
        lastRead is not null
        && shards.FirstOrDefault(other => other.ShardId == shard.ShardId)?.EndingSequenceNumber is { } end
        && SequenceNumber.Compare(end, lastRead) <= 0
        && shards.Any(other => other.EndingSequenceNumber is null);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: its iterators say that it has ended, and nothing else does; it stays open")]
    private partial void LogUnproven(string shardId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: looking for a sign of its end failed")]
    private partial void LogFailed(Exception exception, string shardId);
}
