namespace Orders.ServiceDefaults.FairShares;

/// <summary>
/// Splits a capacity between keys by dynamic thresholds (Choudhury and Hahne): a key may hold as much as is
/// still free. So one key alone gets half of it, two get a third each, and there is always room for a
/// newcomer. Safe for use by several threads.
/// </summary>
/// <param name="capacity">How much there is, in any unit: bytes, streams, requests.</param>
public sealed class KeyShares(long capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _held = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>How much is held by all keys.</summary>
    public long Total
    {
        get
        {
            lock (_lock)
            {
                return _total;
            }
        }
    }

    /// <summary>Takes <paramref name="amount"/> for a key.</summary>
    /// <param name="key">The key's id.</param>
    /// <param name="amount">How much; at least one.</param>
    /// <param name="isKeysFault">When it is refused: true if there is room and the key holds its share of it
    /// already (429), false if everything is in use (503).</param>
    /// <returns>Dispose of it to give back the amount; null when it is refused.</returns>
    public IDisposable? TryTake(string key, long amount, out bool isKeysFault)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        lock (_lock)
        {
            var held = _held.GetValueOrDefault(key);
            isKeysFault = amount <= capacity - _total;
            // A first taking needs only room, since a capacity of one would serve nobody otherwise.
            if (held == 0 ? amount > capacity - _total : held + amount > capacity - _total)
            {
                return null;
            }

            _held[key] = held + amount;
            _total += amount;
            return new Taken(this, key, amount);
        }
    }

    private void GiveBack(string key, long amount)
    {
        lock (_lock)
        {
            var left = _held[key] - amount;
            _total -= amount;
            if (left > 0)
            {
                _held[key] = left;
            }
            else
            {
                // Keys come and go: one that holds nothing costs nothing.
                _ = _held.Remove(key);
            }
        }
    }

    private sealed class Taken(KeyShares share, string key, long amount) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                share.GiveBack(key, amount);
            }
        }
    }
}
