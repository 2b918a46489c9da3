using Orders.Bench.Stores;
using Orders.Sync.Projection;
using Orders.Sync.Snapshots;
using Orders.Sync.Table;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Table;

public sealed class SourceTableTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await fixture.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_table_that_is_made_anew_changes_the_scope_and_is_rebuilt_from_once()
    {
        await using var parts = fixture.Build();
        await parts.RedisAsync();
        await parts.Get<SourceTable>().CheckAsync(CancellationToken.None);
        var first = await fixture.Database.CacheKeysAsync();
        first.ShouldNotBe(fixture.Keys);
        (await NeedAsync(parts)).ShouldBe(SnapshotNeed.Nothing);

        await parts.Get<SourceTable>().CheckAsync(CancellationToken.None);
        (await fixture.Database.CacheKeysAsync()).ShouldBe(first);

        await RecreateAsync();
        await parts.Get<SourceTable>().CheckAsync(CancellationToken.None);

        (await fixture.Database.CacheKeysAsync()).ShouldNotBe(first);
        (await NeedAsync(parts)).ShouldBe(SnapshotNeed.BeginForTable);
        await parts.RunAsync(Orders.Sync.Repair.SnapshotKind.Snapshot);
        (await NeedAsync(parts)).ShouldBe(SnapshotNeed.BeginForTable);
        await parts.RunAsync(Orders.Sync.Repair.SnapshotKind.Rebuild);
        (await NeedAsync(parts)).ShouldBe(SnapshotNeed.Nothing);
    }

    [Theory]
    [InlineData(-1_000, 0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(1_000, 1, 0)]
    public void Records_of_before_the_table_are_not_applied_and_those_of_its_first_second_are_looked_up(int milliseconds, int applied, int read)
    {
        var second = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var record = StreamRecords.Insert(SampleOrders.Placed()) with { ApproximateCreation = second.AddMilliseconds(milliseconds) };

        var changes = ChangeSet.From([record], tableMadeAt: second.AddMilliseconds(700));

        (changes.Newest.Count, changes.Gone.Count).ShouldBe((applied, read));
        ChangeSet.From([record]).Gone.ShouldBeEmpty();
    }

    private async Task RecreateAsync()
    {
        await fixture.Dynamo.DeleteTableAsync(fixture.Stores.Table);
        await StreamTable.CreateAsync(fixture.Dynamo, fixture.Stores.Table, Amazon.DynamoDBv2.StreamViewType.NEW_AND_OLD_IMAGES);
    }

    private static async Task<SnapshotNeed> NeedAsync(TableFixture.SyncParts parts) => SnapshotRule.Decide(await parts.Get<SnapshotStore>().ReadStateAsync(CancellationToken.None));
}
