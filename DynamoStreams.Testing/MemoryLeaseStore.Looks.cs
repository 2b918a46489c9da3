using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Testing;

/// <content>The view that every instance sees.</content>
public sealed partial class MemoryLeaseStore
{
    private readonly Dictionary<string, TableView> _views = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_views.TryGetValue(tableName, out var seen))
            {
                _views[tableName] = seen = new TableView();
            }

            if (seen.Version != _version || Now > seen.HoldsUntil)
            {
                Refresh(tableName, seen);
            }

            return Task.FromResult(seen.View with { IsListed = _listings.GetValueOrDefault(tableName)?.IsListed ?? false, IsListingDue = IsListingDue(tableName) });
        }
    }

    // The same list objects are returned until something changes, so that a simulation can skip repeated
    // decisions.
    private void Refresh(string tableName, TableView seen)
    {
        var hasChanged = seen.Version != _version;
        var holds = TimeSpan.MaxValue;
        foreach (var row in _unfinished.Where(row => row.Stream?.TableName == tableName))
        {
            var isFree = IsFree(row);
            if (isFree || isFree != row.State.Free)
            {
                row.State = row.State with { Free = isFree, FreeFor = isFree ? Now - row.LeasedUntil : TimeSpan.Zero };
                hasChanged = true;
                holds = isFree ? Now : holds;
            }

            if (!isFree && row.LeasedUntil >= Now && row.LeasedUntil < holds)
            {
                holds = row.LeasedUntil;
            }
        }

        seen.HoldsUntil = _instances.Values.Select(instance => instance.AliveUntil).Where(until => until >= Now).Append(holds).Min();
        seen.Version = _version;
        var instances = _instances.Where(entry => entry.Value.TableName == tableName && entry.Value.AliveUntil >= Now).Select(entry => entry.Key).ToList();
        if (hasChanged || !instances.SequenceEqual(seen.View.Instances, StringComparer.Ordinal))
        {
            seen.View = seen.View with { Open = OpenOf(tableName), Instances = instances };
        }
    }

    private List<ShardState> OpenOf(string tableName)
    {
        var streams = StreamsOf(tableName);
        var newest = streams.Count == 0 ? "" : streams[^1].Label;
        var open = new List<(string Label, ShardState State)>();
        foreach (var row in _unfinished)
        {
            if (row.Stream is { Begun: true } stream && stream.TableName == tableName)
            {
                var (isGone, getsNoMore) = (stream.Missing >= ListingsUntilGone, stream.IsDisabled || stream.Label != newest);
                open.Add((stream.Label, isGone || getsNoMore ? row.State with { IsStreamGone = isGone, GetsNoMore = getsNoMore } : row.State));
            }
        }

        // Within a stream they are ordered by id.
        return streams.Count > 1 ? [.. open.OrderBy(entry => entry.Label, StringComparer.Ordinal).Select(entry => entry.State)] : open.ConvertAll(entry => entry.State);
    }

    private sealed class TableView
    {
        public long Version { get; set; } = -1;

        public TimeSpan HoldsUntil { get; set; }

        public LeaseView View { get; set; } = new([], [], IsListed: false, IsListingDue: false);
    }
}
