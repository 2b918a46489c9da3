using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using DynamoStreams.Snapshots;
using Npgsql;
using Orders.Sync.Projection;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>The one race between a scan and the stream that no version guard closes.</summary>
public sealed class ProjectionGateTests(TableFixture fixture) : IClassFixture<TableFixture>
{
    [Fact]
    public async Task A_deletion_that_is_being_committed_while_its_order_is_written_from_the_table_is_not_undone()
    {
        await fixture.ResetAsync();
        await using var parts = fixture.Build();
        var order = SampleOrders.Placed();
        await fixture.PutAsync(order);
        var lease = await fixture.LeaseAsync();
        var snapshotId = await parts.BeginAsync();

        // The order is scanned; then the stream's transaction buries it, and is not committed yet.
        var pages = new WatchedPages(parts.Get<ITablePages>());
        await using var connection = await fixture.Database.OpenConnectionAsync();
        NpgsqlTransaction? deletion = null;
        pages.BeforeWriting = async page =>
        {
            if (page.Items.Count > 0)
            {
                deletion = await connection.BeginTransactionAsync();
                await using var statements = connection.CreateBatch();
                statements.BatchCommands.Add(CheckpointCommand.For(new ShardBatch(lease, [StreamRecords.Remove(order)], EndsShard: false), lastChangeAt: null));
                foreach (var command in ProjectionCommands.For(ChangeSet.From([StreamRecords.Remove(order)])))
                {
                    statements.BatchCommands.Add(command);
                }

                await statements.ExecuteNonQueryAsync();
                await fixture.DeleteAsync(order);
            }
        };
        var running = parts.Runner(pages).TryRunAsync(snapshotId, scan: null, CancellationToken.None);

        // The page is either written, which is the fault, or waits at the gate.
        await Eventually.HoldsAsync(async () => deletion is not null &&
            (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders") > 0 || await fixture.ScalarAsync<int>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0));
        await deletion!.CommitAsync();

        (await running).ShouldBeTrue();
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(0);
        (await fixture.ScalarAsync<long>("SELECT version FROM sync.tombstones")).ShouldBe(2);
        (await parts.Snapshots.ReadProgressAsync(snapshotId, CancellationToken.None))!.Removed.ShouldBe(0, "the page left it out, it was not mended later");
    }
}
