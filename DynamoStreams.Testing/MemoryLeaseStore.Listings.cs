namespace DynamoStreams.Testing;

/// <content>Which instance lists, and when the next listing is due.</content>
public sealed partial class MemoryLeaseStore
{
    private readonly Dictionary<string, Listing> _listings = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var isDue = IsListingDue(tableName);
            if (isDue)
            {
                _listings[tableName] = new(Now + interval, Now + interval, _listings.GetValueOrDefault(tableName)?.IsListed ?? false);
            }

            return Task.FromResult(isDue);
        }
    }

    /// <inheritdoc/>
    public Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken)
    {
        Change(tableName, listing => listing with { ClaimedUntil = Now + duration });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken)
    {
        Change(tableName, listing => listing with { ClaimedUntil = TimeSpan.MinValue, DueAt = Sooner(listing.DueAt, Now + within) });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken)
    {
        Change(tableName, listing => listing with { DueAt = Sooner(listing.DueAt, Now + within) });
        return Task.CompletedTask;
    }

    private static TimeSpan Sooner(TimeSpan a, TimeSpan b) => a < b ? a : b;

    // A table that was never listed is due anyway.
    private void Change(string tableName, Func<Listing, Listing> change)
    {
        lock (_lock)
        {
            if (_listings.TryGetValue(tableName, out var listing))
            {
                _listings[tableName] = change(listing);
            }
        }
    }

    private bool IsListingDue(string tableName) =>
        _clock is null || !_listings.TryGetValue(tableName, out var listing) || (listing.DueAt <= Now && listing.ClaimedUntil < Now);

    private sealed record Listing(TimeSpan DueAt, TimeSpan ClaimedUntil, bool IsListed);
}
