using Npgsql;
using NpgsqlTypes;
using Orders.Bench.Stores;
using Orders.Domain;
using Orders.Domain.Cache;
using Orders.Domain.Fields;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using StackExchange.Redis;
using Xunit;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Query;

/// <summary>The read model and the cache of a test class, written by hand as Orders.Sync would.</summary>
internal sealed class ReadStores : IAsyncDisposable
{
    private ReadStores(TestStores stores, NpgsqlDataSource postgres, ConnectionMultiplexer redis, CacheIdentity identity) =>
        (Settings, Postgres, Connection, Identity, Keys) = (stores.Settings, postgres, redis, identity, new(identity.Scope));

    public Dictionary<string, string?> Settings { get; }

    public NpgsqlDataSource Postgres { get; }

    public ConnectionMultiplexer Connection { get; }

    /// <summary>Whose orders Redis has.</summary>
    public CacheIdentity Identity { get; }

    /// <summary>The names of the read model in Redis.</summary>
    public CacheKeys Keys { get; }

    public IDatabase Redis => Connection.GetDatabase();

    /// <param name="engines">The engines of the test run.</param>
    /// <param name="own">A Postgres of the test's own, or another way to one; null for a database of the
    /// run's.</param>
    public static async Task<ReadStores> CreateAsync(TestEngines engines, string? own = null)
    {
        var stores = await engines.CreateStoresAsync();
        return await OnAsync(stores with { Postgres = own ?? stores.Postgres });
    }

    /// <summary>On stores that are there already.</summary>
    public static async Task<ReadStores> OnAsync(TestStores stores)
    {
        Assert.SkipWhen(stores.Redis is null, "no Redis on this machine");
        var postgres = NpgsqlDataSource.Create(stores.Postgres);
        await ReadModelMigrations.ApplyAsync(postgres, CancellationToken.None);
        var redis = await ConnectionMultiplexer.ConnectAsync($"{stores.Redis},allowAdmin=true");
        return new(stores, postgres, redis, await redis.GetDatabase().BelongsToAsync(postgres));
    }

    /// <summary>Takes a shard, as an Orders.Sync that lives.</summary>
    public Task TakeShardAsync() => ExecuteAsync(
        "INSERT INTO sync.shards (stream_arn, shard_id, owner, leased_until, caught_up_at) VALUES ('arn', 'shard', 'sync', now() + interval '1 hour', now())");

    /// <summary>Suspends Redis, as an Orders.Sync that cannot announce its changes there.</summary>
    public Task SuspendAsync() => ExecuteAsync("INSERT INTO sync.cache_suspensions VALUES ('sync', 'a test', false, true)");

    /// <summary>Lifts the suspension.</summary>
    public Task LiftAsync() => ExecuteAsync("DELETE FROM sync.cache_suspensions");

    private static NpgsqlBatchCommand Insert(string table, IEnumerable<(string Name, object? Value)> columns)
    {
        var values = columns.ToList();
        var command = new NpgsqlBatchCommand(
            $"INSERT INTO {table} ({string.Join(", ", values.Select(column => column.Name))}) VALUES ({string.Join(", ", values.Select((_, index) => $"${index + 1}"))})");
        foreach (var (_, value) in values)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>
    /// Puts an order, its lines, its customer and its products into Postgres, in place of what is there.
    /// </summary>
    public async Task StoreAsync(Order order)
    {
        await using var batch = Postgres.CreateBatch();
        batch.BatchCommands.Add(new("DELETE FROM orders WHERE order_id = $1") { Parameters = { new() { Value = order.OrderId } } });
        batch.BatchCommands.Add(new("DELETE FROM order_items WHERE order_id = $1") { Parameters = { new() { Value = order.OrderId } } });
        batch.BatchCommands.Add(Insert("orders", OrderFields.Columns.Select(field => (field.Name, field.Value(order)))));
        foreach (var line in order.Items)
        {
            batch.BatchCommands.Add(Insert(
                "order_items", [("order_id", order.OrderId), (LineFields.OrderItemId, line.OrderItemId), .. LineFields.Columns.Select(field => (field.Name, field.Value(line)))]));
            batch.BatchCommands.Add(new(
                """
                INSERT INTO products AS p VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (merchant_id, product_id) DO UPDATE
                   SET product_name = excluded.product_name, unit_price = excluded.unit_price, currency = excluded.currency, as_of = excluded.as_of
                 WHERE p.as_of < excluded.as_of
                """)
            {
                Parameters =
                {
                    new() { Value = order.MerchantId },
                    new() { Value = line.ProductId },
                    new() { Value = line.ProductName },
                    new() { Value = line.UnitPrice },
                    new() { Value = order.Currency.Code },
                    new() { Value = order.PlacedAt },
                },
            });
        }

        if (order.CustomerId is not null)
        {
            batch.BatchCommands.Add(new(
                """
                INSERT INTO customers AS c VALUES ($1, $2, $3, $3)
                ON CONFLICT (merchant_id, customer_id) DO UPDATE
                   SET first_order_at = least(c.first_order_at, excluded.first_order_at), last_order_at = greatest(c.last_order_at, excluded.last_order_at)
                """)
            {
                Parameters = { new() { Value = order.MerchantId }, new() { Value = order.CustomerId }, new() { Value = order.PlacedAt } },
            });
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// A writer that lives and announces its changes: without one, nobody vouches for Redis while Postgres
    /// is silent.
    /// </summary>
    /// <param name="over">When it ends, within a beat.</param>
    public async Task BeatAsync(CancellationToken over)
    {
        await ExecuteAsync("INSERT INTO sync.instances VALUES ('sync-1', 'orders', now() + interval '1 hour')");
        for (var beats = 1; !over.IsCancellationRequested; beats++)
        {
            try
            {
                await Redis.HashSetAsync(Keys.Writers, "sync-1", beats);
            }
            catch (RedisException)
            {
                // A beat that is missed is no beat.
            }

            await Task.Delay(OrderCache.BeatInterval, CancellationToken.None);
        }
    }

    /// <summary>Remembers a version.</summary>
    /// <param name="order">As of that version; of a deletion, the last there was.</param>
    /// <param name="change"><c>placed</c>, <c>changed</c> or <c>deleted</c>.</param>
    public async Task RememberAsync(Order order, string change)
    {
        await using var command = Postgres.CreateCommand("INSERT INTO order_history (order_id, revision, version, merchant_id, change, changed_at, body) VALUES ($1, $2, $2, $3, $4, $5, $6)");
        command.Parameters.Add(new() { Value = order.OrderId });
        command.Parameters.Add(new() { Value = order.Version + (change == "deleted" ? 1 : 0) });
        command.Parameters.Add(new() { Value = order.MerchantId });
        command.Parameters.Add(new() { Value = change });
        command.Parameters.Add(new() { Value = order.UpdatedAt });
        command.Parameters.Add(new() { Value = OrderJson.Render(order), NpgsqlDbType = NpgsqlDbType.Json });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Takes an order out of Postgres and leaves its tombstone.</summary>
    public async Task DeleteAsync(Order order)
    {
        await using var batch = Postgres.CreateBatch();
        batch.BatchCommands.Add(new("DELETE FROM order_items WHERE order_id = $1") { Parameters = { new() { Value = order.OrderId } } });
        batch.BatchCommands.Add(new("DELETE FROM orders WHERE order_id = $1") { Parameters = { new() { Value = order.OrderId } } });
        batch.BatchCommands.Add(new("INSERT INTO sync.tombstones VALUES ($1, $2, $3)")
        {
            Parameters = { new() { Value = order.OrderId }, new() { Value = order.MerchantId }, new() { Value = order.Version + 1 } },
        });
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Puts an order into Redis.</summary>
    public Task CacheAsync(Order order) => CacheAsync(order.OrderId, order.Version, order.MerchantId, OrderJson.Render(order));

    /// <summary>Puts a version into Redis.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="version">The version.</param>
    /// <param name="merchantId">Its merchant.</param>
    /// <param name="body">What to show; null for a tombstone.</param>
    public async Task CacheAsync(Guid orderId, long version, string merchantId, byte[]? body)
    {
        var both = Redis.CreateTransaction();
        _ = both.KeyDeleteAsync(Keys.Order(orderId));
        _ = both.HashSetAsync(Keys.Order(orderId), Identity.Entry(version, merchantId, body));
        await both.ExecuteAsync();
    }

    /// <summary>Tells readers of a change, as Orders.Sync does after each batch.</summary>
    public Task PublishAsync(params IEnumerable<(Guid OrderId, long Version, string MerchantId, string Change)> changes) => Connection.GetSubscriber().PublishAsync(
        RedisChannel.Literal(Keys.Changes), string.Concat(changes.Select(change => $"{change.OrderId} {change.Version} {change.MerchantId} {change.Change}\n")));

    /// <summary>
    /// Tells readers of a change until a request that waits for it is answered: on a busy machine a service
    /// may take Redis for slow once.
    /// </summary>
    public Task PublishUntilAsync(Task<HttpResponseMessage> answered, params IReadOnlyList<(Guid OrderId, long Version, string MerchantId, string Change)> changes) =>
        Eventually.HoldsAsync(async () =>
        {
            await PublishAsync(changes);
            return answered.IsCompleted;
        });

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Postgres.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.CloseAsync();
        Connection.Dispose();
        await Postgres.DisposeAsync();
    }
}
