using Npgsql;
using Orders.Domain;
using Orders.Sync.Projection;
using Orders.Sync.Repair;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>
/// Stores of a test class's own, the service on them, and changes as Orders.Sync projects them.
/// </summary>
public sealed class ChangeFixture(TestEngines engines) : IAsyncLifetime
{
    // As the stream numbers its records.
    private static long _lastPlace;

    private readonly QueryFixture _query = new(engines);

    internal ReadStores Stores => _query.Stores;

    /// <summary>Has subscribed to what Redis tells.</summary>
    internal QueryService Service => _query.Service;

    public ValueTask InitializeAsync() => _query.InitializeAsync();

    public ValueTask DisposeAsync() => _query.DisposeAsync();

    internal static OrderChange Placed(Order order) => new(ChangeKind.Placed, order, order.Version, OrderJson.Render(order));

    internal static OrderChange Changed(Order order) => new(ChangeKind.Changed, order, order.Version, OrderJson.Render(order));

    internal static OrderChange Deleted(Order last) => new(ChangeKind.Deleted, last, last.Version + 1, OrderJson.Render(last));

    /// <summary>Projects changes in one transaction, and tells of them.</summary>
    internal async Task ProjectAsync(params OrderChange[] changes)
    {
        await StoreAsync(Stores.Postgres, changes);
        await TellAsync(changes);
    }

    /// <summary>Tells of changes by Redis.</summary>
    internal Task TellAsync(params OrderChange[] changes) =>
        Stores.PublishAsync(changes.Select(change => (change.OrderId, change.Version, change.Order.MerchantId, change.Kind.Name())));

    /// <summary>Comes back when the service has heard what was told before.</summary>
    internal async Task HeardAsync()
    {
        var order = Sample.Order();
        var waiting = Service.WaitForAsync(order.OrderId, minVersion: 1, seconds: 30);
        await Service.WaitersAsync(1);
        await Stores.CacheAsync(order);
        await Stores.PublishUntilAsync(waiting, (order.OrderId, order.Version, order.MerchantId, "placed"));
        (await waiting).Dispose();
    }

    /// <summary>Comes back when the service has read every change that was stored before: a client that
    /// connects then is told of none of them.</summary>
    internal async Task CaughtUpAsync()
    {
        var order = Sample.Order();
        await using var follower = await ChangeFollower.ConnectAsync(Service.Client, $"?order_id={order.OrderId}");
        await ProjectAsync(Placed(order));
        await follower.NextAsync();
    }

    /// <summary>Projects changes in one transaction, and tells nobody.</summary>
    internal static async Task StoreAsync(NpgsqlDataSource postgres, params OrderChange[] changes)
    {
        await using var connection = await postgres.OpenConnectionAsync();
        await StoreAsync(connection, changes);
    }

    /// <summary>The same within a transaction that is open on a connection.</summary>
    internal static async Task StoreAsync(NpgsqlConnection connection, params OrderChange[] changes)
    {
        await using var batch = connection.CreateBatch();
        foreach (var command in ProjectionCommands.For(ChangeSet.Of(changes.Select(change => change with { Place = Interlocked.Increment(ref _lastPlace) }))))
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
    }
}
