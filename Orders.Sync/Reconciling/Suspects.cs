using Npgsql;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Sync.Table;

namespace Orders.Sync.Reconciling;

/// <summary>
/// Orders that differed at one look. Live traffic makes most of them: the table is ahead until the stream
/// has come. So each is looked at again, by a consistent read, and counts only when it still differs and
/// nothing of it has moved in between, while the stream is not behind.
/// </summary>
internal sealed class Suspects(NpgsqlDataSource database, TableReader table, CachedEntries cache, ReconcileOptions options, TimeProvider time)
{
    /// <summary>Suspects kept at a time: more are settled before the scan goes on.</summary>
    public const int Most = 2_000;

    // An order that differs at every one of so many looks differs, however much it moves.
    private const int MostLooks = 15;

    // A stream that is further behind than this is waited for, so many times the patience.
    private const int MostWaits = 150;

    private readonly Dictionary<Guid, (string Signature, int Looks, long LookedAt)> _suspects = [];

    public int Count => _suspects.Count;

    /// <summary>
    /// How many turned out to have an item that is no order any more: they can be compared with nothing.
    /// </summary>
    public int Broken { get; private set; }

    /// <summary>An order differed at a first look.</summary>
    public void Add(Look look) => _suspects.TryAdd(look.OrderId, (look.Signature, 1, time.GetTimestamp()));

    /// <summary>Settles all of them.</summary>
    /// <returns>Those that differ for good, each as it was seen last.</returns>
    public async Task<IReadOnlyList<Look>> SettleAsync(CancellationToken cancellationToken)
    {
        var lasting = new List<Look>();
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
            foreach (var look in looks)
            {
                Judge(look, lasting);
            }

            foreach (var orderId in asked.Except(looks.Select(look => look.OrderId)))
            {
                _suspects.Remove(orderId);
                Broken++;
            }
        }

        return lasting;
    }

    /// <summary>
    /// Looks at orders in all stores: first at Postgres and Redis, then at the table, which can then only be
    /// ahead.
    /// </summary>
    public async Task<IReadOnlyList<Look>> LookAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
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
            // A broken item says nothing about what the other stores should have.
            .. orderIds.Where(orderId => truths.GetValueOrDefault(orderId)?.Fault is null)
                .Select(orderId => new Look(orderId, truths.GetValueOrDefault(orderId)?.Order, stored.GetValueOrDefault(orderId), entries.GetValueOrDefault(orderId))),
        ];
    }

    private void Judge(Look look, List<Look> lasting)
    {
        var before = _suspects[look.OrderId];
        _suspects.Remove(look.OrderId);
        if (look.Differences.Count == 0)
        {
            return;
        }

        if (look.Signature == before.Signature || before.Looks >= MostLooks)
        {
            lasting.Add(look);
        }
        else
        {
            _suspects.Add(look.OrderId, (look.Signature, before.Looks + 1, time.GetTimestamp()));
        }
    }

    /// <summary>
    /// Whether a shard that is being applied right now was last known to be here up to longer ago than the
    /// patience.
    /// </summary>
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
