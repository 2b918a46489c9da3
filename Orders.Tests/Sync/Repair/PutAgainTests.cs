using DynamoStreams.Api;
using Orders.Domain;
using Orders.Sync.Repair;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Repair;

/// <summary>
/// An order that its owner deleted and put again is readable, whatever its version, and wherever in the
/// stream the two stand.
/// </summary>
public sealed class PutAgainTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private TableFixture.SyncParts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _parts = fixture.Build();
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    /// <summary>Where the second life stands.</summary>
    public enum Place
    {
        /// <summary>In the batch of the deletion.</summary>
        SameBatch,

        /// <summary>In a later batch of the shard.</summary>
        SameShard,

        /// <summary>In a child of the shard.</summary>
        ChildShard,

        /// <summary>
        /// In a new stream of the table, which numbers its records anew: below those of the first life.
        /// </summary>
        NewStream,

        /// <summary>Likewise, and by chance with the number of the deletion.</summary>
        NewStreamSameNumber,
    }

    public static TheoryData<Place, long> Cases => [.. from place in Enum.GetValues<Place>() from version in new long[] { 1, 2, 3, 9 } select (place, version)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_is_there_and_can_be_changed_and_deleted(Place place, long version)
    {
        // Its second life begins at the first one's first, last or deletion's version, or above.
        var first = SampleOrders.Placed(lines: 2);
        var paid = first.Next(OrderStatus.Paid);
        var again = first with { Version = version, Items = [first.Items[0]], UpdatedAt = version == 1 ? first.UpdatedAt : first.UpdatedAt.AddMinutes(5) };
        var changed = again.Next(OrderStatus.Paid);
        StreamRecord[] life = [StreamRecords.Insert(first), StreamRecords.Modify(first, paid), StreamRecords.Remove(paid)];
        StreamRecord[] second = [StreamRecords.Insert(again), StreamRecords.Modify(again, changed), StreamRecords.Remove(changed)];
        var lease = await fixture.LeaseAsync();
        if (place == Place.SameBatch)
        {
            await fixture.PutAsync(again);
            await _parts.ApplyAsync(lease, [.. life, second[0]]);
        }
        else
        {
            await _parts.ApplyAsync(lease, life);
            lease = place == Place.SameShard ? lease : await fixture.LeaseAsync();
            second = place switch
            {
                Place.NewStream => [.. second.Select((record, i) => record with { SequenceNumber = $"0{i + 1}" })],
                Place.NewStreamSameNumber => [.. second.Select(record => record with { SequenceNumber = life[2].SequenceNumber })],
                _ => second,
            };
            await fixture.PutAsync(again);
            await _parts.ApplyAsync(lease, second[0]);
        }

        await SettleAsync();
        (await RowAsync(first)).ShouldBe($"placed{version} 1");

        await fixture.PutAsync(changed);
        await _parts.ApplyAsync(lease, second[1]);
        await SettleAsync();
        (await RowAsync(first)).ShouldBe($"paid{version + 1} 1");

        await fixture.DeleteAsync(changed);
        await _parts.ApplyAsync(lease, second[2]);
        await SettleAsync();
        (await RowAsync(first)).ShouldBeNull();
    }

    private Task<int> SettleAsync() => _parts.Get<DoubtfulOrdersService>().SettleAsync(CancellationToken.None);

    private Task<string?> RowAsync(Order order) => fixture.ScalarAsync<string?>(
        "SELECT status || version || ' ' || (SELECT count(*) FROM order_items AS i WHERE i.order_id = o.order_id) FROM orders AS o WHERE order_id = @OrderId", order);
}
