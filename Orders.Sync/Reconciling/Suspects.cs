using Npgsql;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Sync.Table;

namespace Orders.Sync.Reconciling;

/// <summary>
/// Orders that differed once. Live traffic causes most of these differences: the table is ahead until the
/// stream is applied. So each order is read again, consistently. It counts only if it still differs, nothing
/// of it has changed in between, and the stream is not behind.
/// </summary>
internal sealed class Suspects(NpgsqlDataSource database, TableReader table, CachedEntries cache, ReconcileOptions options, TimeProvider time)
{
    /// <summary>
    /// The most suspects in memory; when there are more, they are checked before the scan continues.
    /// </summary>
    public const int Most = 2_000;

    // An order that differs in this many samples counts, even if it keeps changing.
    private const int MostLooks = 15;

    // How long to wait for a stream that is behind, as a multiple of the patience.
    private const int MostWaits = 150;

    private readonly Dictionary<Guid, (string Signature, int Looks, long LookedAt)> _suspects = [];

    public int Count => _suspects.Count;

    /// <summary>
    /// The number of orders whose item is no longer a valid order; they cannot be compared.
    /// </summary>
    public int Broken { get; private set; }

    /// <summary>Adds an order that differed once.</summary>
    public void Add(OrderSample sample) => _suspects.TryAdd(sample.OrderId, (sample.Signature, 1, time.GetTimestamp()));

    /// <summary>Checks all of them again.</summary>
    /// <returns>Those that really differ, each with its last sample.</returns>
    public async Task<IReadOnlyList<OrderSample>> SettleAsync(CancellationToken cancellationToken)
    {
        var lasting = new List<OrderSample>();
        for (var waits = 0; _suspects.Count > 0;)
        {
            var oldest = _suspects.Values.Min(suspect => suspect.LookedAt);
            var wait = options.Patience - time.GetElapsedTime(oldest);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            if (waits++ < MostWaits && await IsStreamBehindAsync(cancellationToken))
            {
                await Task.Delay(options.Patience, time, cancellationToken);
                continue;
            }

            Guid[] asked = [.. _suspects.Keys.Take(TableReader.MaxKeys)];
            var looks = await LookAsync(asked, cancellationToken);
            foreach (var sample in looks)
            {
                Judge(sample, lasting);
            }

            foreach (var orderId in asked.Except(looks.Select(sample => sample.OrderId)))
            {
                _suspects.Remove(orderId);
                Broken++;
            }
        }

        return lasting;
    }

    /// <summary>
    /// Reads orders from all stores: first from Postgres and Redis, then from the table, which can then only
    /// be ahead.
    /// </summary>
    public async Task<IReadOnlyList<OrderSample>> LookAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        var entries = await cache.ReadAsync(orderIds, cancellationToken);
        Dictionary<Guid, StoredOrder> stored;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            stored = await StoredOrders.ReadAsync(connection, orderIds, cancellationToken);
        }

        var truths = await table.ReadAsync(orderIds, cancellationToken);
        return
        [
            // An invalid item does not say what the other stores should contain.
            .. orderIds.Where(orderId => truths.GetValueOrDefault(orderId)?.Fault is null)
                .Select(orderId => new OrderSample(orderId, truths.GetValueOrDefault(orderId)?.Order, stored.GetValueOrDefault(orderId), entries.GetValueOrDefault(orderId))),
        ];
    }

    private void Judge(OrderSample sample, List<OrderSample> lasting)
    {
        var before = _suspects[sample.OrderId];
        _suspects.Remove(sample.OrderId);
        if (sample.Differences.Count == 0)
        {
            return;
        }

        if (sample.Signature == before.Signature || before.Looks >= MostLooks)
        {
            lasting.Add(sample);
        }
        else
        {
            _suspects.Add(sample.OrderId, (sample.Signature, before.Looks + 1, time.GetTimestamp()));
        }
    }

    /// <summary>Whether the lag of an active shard is longer than the patience.</summary>
    private async Task<bool> IsStreamBehindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (SELECT FROM sync.shards
                            WHERE finished_at IS NULL AND applied_at > clock_timestamp() - $1 AND applied_at - coalesce(as_of, discovered_at) > $1)
            """);
        command.Parameters.Add(new() { Value = options.Patience });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
