using Amazon.DynamoDBv2.Model;
using DynamoStreams.Snapshots;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

/// <summary>
/// Fact 21: a snapshot longer than 24 hours loses the stream behind it, where the stream is read only after
/// it. Here the stream is read while the scan is under way, so that what is trimmed has been applied long
/// before.
/// </summary>
public sealed class Fact21_A_snapshot_longer_than_the_streams_memory_loses_nothing(ConsumerBench bench) : IClassFixture<ConsumerBench>
{
    [Fact]
    public async Task The_stream_is_applied_while_the_scan_is_under_way_and_may_be_trimmed_behind_it()
    {
        await bench.ResetAsync();
        var streams = new ScriptedStreams();
        var shard = streams.AddShard("shard-1");
        streams.Write(shard, "before");
        await using var consumer = bench.Start(streams);
        await bench.NotedAsync(1);

        // The scan has read a page, and takes more than 24 hours for the next one.
        var table = new SlowTable();
        var scan = new SegmentedScan(table, new ScanOptions { ItemsPerSecond = null }, TimeProvider.System, NullLogger<SegmentedScan>.Instance);
        var scanned = new Noting();
        var scanning = scan.RunAsync(SegmentedScan.Begin(1), scanned, CancellationToken.None);
        await table.SecondPageAsked.Task;
        streams.Write(shard, "during");
        streams.Split(shard, "shard-2");
        await bench.NotedAsync(2);

        // A day passes: what was written when the scan began is trimmed, its shard is gone, the iterators
        // have expired.
        shard.TrimmedBefore = shard.Records.Count;
        await Eventually.HoldsAsync(async () => await bench.ScalarAsync<int>("SELECT count(*) FROM sync.shards WHERE shard_id = 'shard-1' AND finished_at IS NOT NULL") == 1);
        shard.Gone = true;
        streams.ExpireIterators();
        table.GoOn.SetResult();
        await scanning;

        (await bench.NotedAsync()).ShouldBe(["before", "during"]);
        (await bench.ScalarAsync<int>("SELECT count(*) FROM sync.gaps")).ShouldBe(0);
        scanned.Pages.ShouldBe(2);
    }

    [Fact]
    public async Task A_scan_that_was_cut_off_goes_on_at_the_page_after_the_last_that_was_committed()
    {
        var table = new SlowTable();
        table.GoOn.SetResult();
        var scan = new SegmentedScan(table, new ScanOptions { ItemsPerSecond = null }, TimeProvider.System, NullLogger<SegmentedScan>.Instance);
        var cutOff = new Noting { FailsAtPage = 2 };
        await Should.ThrowAsync<InvalidDataException>(() => scan.RunAsync(SegmentedScan.Begin(1), cutOff, CancellationToken.None));

        var rest = new Noting();
        await scan.RunAsync([cutOff.Committed!], rest, CancellationToken.None);

        rest.Pages.ShouldBe(1);
        table.Asked.ShouldBe([null, SlowTable.SecondKey, SlowTable.SecondKey]);
    }

    private sealed class Noting : IScanHandler
    {
        public int Pages { get; private set; }

        public int FailsAtPage { get; init; }

        public ScanPosition? Committed { get; private set; }

        public Task ApplyAsync(ScanPage page, CancellationToken cancellationToken)
        {
            if (++Pages == FailsAtPage)
            {
                throw new InvalidDataException("cut off");
            }

            Committed = page.Next;
            return Task.CompletedTask;
        }
    }

    /// <summary>A table of two pages, the second of which comes when the test wants it to.</summary>
    private sealed class SlowTable : ITablePages
    {
        public const string SecondKey = """{"pk":{"S":"a"}}""";

        public TaskCompletionSource SecondPageAsked { get; } = new();

        public TaskCompletionSource GoOn { get; } = new();

        public List<string?> Asked { get; } = [];

        public async Task<ScanPage> ReadAsync(ScanPosition position, int limit, CancellationToken cancellationToken)
        {
            Asked.Add(position.NextKey);
            if (position.NextKey is null)
            {
                return new ScanPage(position, [new() { ["pk"] = new AttributeValue("a") }], SecondKey, 1);
            }

            SecondPageAsked.TrySetResult();
            await GoOn.Task.WaitAsync(cancellationToken);
            return new ScanPage(position, [], NextKey: null, 1);
        }
    }
}
