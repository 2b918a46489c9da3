using DynamoStreams.Snapshots;
using Orders.Tests.Sync;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain07_A_long_bootstrap_cannot_resume(TableFixture fixture) : IClassFixture<TableFixture>
{
    [Fact]
    public async Task It_goes_on_where_it_was_cut_off()
    {
        await fixture.ResetAsync();
        await using var parts = fixture.Build(("Sync:Snapshot:PageItems", "10"));
        await fixture.PutAsync(Enumerable.Range(1, 100).Select(i => SampleOrders.Placed(i)));
        var snapshotId = await parts.BeginAsync();
        var pages = new WatchedPages(parts.Get<ITablePages>());
        using var cut = new CancellationTokenSource();
        pages.BeforeWriting = async _ =>
        {
            if (pages.Read.Count >= 7)
            {
                await cut.CancelAsync();
                throw new OperationCanceledException(cut.Token);
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => parts.Runner(pages).TryRunAsync(snapshotId, scan: null, cut.Token));

        (await parts.Runner(new WatchedPages(parts.Get<ITablePages>())).TryRunAsync(snapshotId, scan: null, CancellationToken.None)).ShouldBeTrue();

        var done = (await parts.Snapshots.ReadProgressAsync(snapshotId, CancellationToken.None))!;
        (done.Items, done.Written).ShouldBe((100, 100), "each item was written and counted once");
    }
}
