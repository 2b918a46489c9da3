using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Listing;

/// <summary>
/// Looks for a second sign that a shard has ended or no longer exists. Its own iterators give one sign,
/// which may be wrong. DescribeStream allows ten calls a second, so a search makes one call at first, then
/// uses the results of the listing, and rarely calls again.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
/// </summary>
internal sealed partial class EndSearch(
    IStreamsApi api, ILeaseStore leases, ShardKey shard, ListingPace pace, ChildFilter filter, TimeProvider time, ILogger logger)
{
    /// <summary>The number of listings until the service is asked for this shard again.</summary>
    private const int ListingsBetweenCalls = 6;

    /// <summary>
    /// A shard that repeatedly seems to end, and continues, is not checked more often than this.
    /// </summary>
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(1);

    private volatile bool _hasChildren;
    private int _turns;
    private long _lastTurn;
    private TimeSpan _nextTurnIn = TimeSpan.MinValue;

    /// <summary>Whether its children are stored.</summary>
    public bool HasChildren => _hasChildren;

    /// <summary>Whether a search found no second sign.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>A child is stored: only a shard that has ended has children.</summary>
    public void ChildIsKnown() => _hasChildren = true;

    /// <summary>
    /// Looks for a second sign that the shard has ended. The caller polls it until it is true; it limits its
    /// own calls.
    /// </summary>
    /// <param name="lastRead">The last record that was read; null when there was none.</param>
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

            // The listing finds the children of all shards.
            await leases.ListWithinAsync(pace.TableName, TimeSpan.Zero, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(failure, shard.ShardId);
        }

        return false;
    }

    /// <summary>The shard has not ended.</summary>
    public void Restart()
    {
        if (IsWaiting)
        {
            (IsWaiting, _turns, _nextTurnIn) = (false, 0, BetweenSearches);
        }
    }

    /// <summary>
    /// Checks once whether the shard really no longer exists: its stream is listed without it, or the stream
    /// is not listed.
    /// </summary>
    /// <returns>Null when the check proves nothing.</returns>
    public async Task<bool?> IsGoneAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await StreamListing.ReadStreamAsync(api, new StreamSummary(shard.StreamArn, ""), time, pageRead: null, cancellationToken) is not var (listing, _))
            {
                var streams = await api.ListStreamsAsync(pace.TableName, cancellationToken);
                return streams.All(stream => stream.StreamArn != shard.StreamArn);
            }

            // An enabled stream always has a shard, so an empty listing is wrong.
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
            // Later calls use no filter, so that this shard can be compared with others.
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

        // A service that ignores the filter returns all shards.
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
    /// Whether the shard is listed with an EndingSequenceNumber that was read. An emulator lists open shards
    /// with one too. So another shard must be listed without: an enabled stream always has an open shard.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
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
