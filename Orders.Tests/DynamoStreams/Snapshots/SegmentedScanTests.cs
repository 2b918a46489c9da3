using Amazon.DynamoDBv2.Model;
using DynamoStreams.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Snapshots;

public sealed class SegmentedScanTests
{
    [Fact]
    public void A_key_is_the_same_after_it_was_kept_whatever_its_text_holds()
    {
        var key = new Dictionary<string, AttributeValue>
        {
            ["pk"] = new("ORDER#\0\"\u2028ü"),
            ["sk"] = new() { N = "-12.5e3" },
            ["bin"] = new() { B = new MemoryStream([0, 1, 255]) },
        };

        var text = ScanKey.Write(key);

        text.ShouldNotContain('\0');
        var read = ScanKey.Read(text);
        read["pk"].S.ShouldBe(key["pk"].S);
        read["sk"].N.ShouldBe("-12.5e3");
        read["bin"].B.ToArray().ShouldBe([0, 1, 255]);
    }

    [Fact]
    public void The_pace_is_bounded_in_items_and_in_capacity_whichever_costs_more()
    {
        var clock = new Clock();
        var pace = new ScanPace(new ScanOptions { ItemsPerSecond = 100, CapacityUnitsPerSecond = 10 }, clock);
        pace.Wait().ShouldBe(TimeSpan.Zero);

        pace.Pay(items: 50, capacityUnits: 1);
        pace.Wait().TotalSeconds.ShouldBe(0.5, 0.001);
        pace.Pay(items: 50, capacityUnits: 20);
        pace.Wait().TotalSeconds.ShouldBe(2.5, 0.001);

        clock.Advance(TimeSpan.FromSeconds(10));
        pace.Wait().ShouldBe(TimeSpan.Zero, "time that was not used is not saved up");
        pace.Pay(items: 100, capacityUnits: 0);
        pace.Wait().TotalSeconds.ShouldBe(1, 0.001);
    }

    [Fact]
    public void A_throttle_halves_the_pace_which_then_recovers()
    {
        var pace = new ScanPace(new ScanOptions { ItemsPerSecond = 100 }, new Clock());

        pace.Throttled();
        pace.Pay(items: 100, capacityUnits: 0);

        pace.Wait().TotalSeconds.ShouldBe(2, 0.001);
        for (var i = 0; i < 100; i++)
        {
            pace.Pay(items: 1, capacityUnits: 0);
        }

        pace.Slowdown.ShouldBe(1);
    }

    [Fact]
    public async Task Throttles_and_time_outs_are_waited_out_in_smaller_pages_and_a_refusal_ends_the_scan()
    {
        var table = new FailingTable(new ProvisionedThroughputExceededException("slow down"), new TaskCanceledException("the attempt took too long"), new HttpRequestException("reset"));
        var scan = new SegmentedScan(table, new ScanOptions { PageItems = 400, FirstBackoff = TimeSpan.FromMilliseconds(1) }, TimeProvider.System, NullLogger<SegmentedScan>.Instance);

        await scan.RunAsync(SegmentedScan.Begin(1), new Ignoring(), CancellationToken.None);

        table.Limits.ShouldBe([400, 200, 100, 50]);
        var refused = new SegmentedScan(new FailingTable(new ResourceNotFoundException("no table") { StatusCode = System.Net.HttpStatusCode.BadRequest }), new ScanOptions(), TimeProvider.System, NullLogger<SegmentedScan>.Instance);
        await Should.ThrowAsync<ResourceNotFoundException>(() => refused.RunAsync(SegmentedScan.Begin(4), new Ignoring(), CancellationToken.None));
    }

    [Fact]
    public async Task A_page_without_items_is_not_the_end_of_its_segment()
    {
        var counting = new Counting();
        var scan = new SegmentedScan(new TableWithEmptyPages(pages: 5), new ScanOptions(), TimeProvider.System, NullLogger<SegmentedScan>.Instance);

        await scan.RunAsync(SegmentedScan.Begin(2), counting, CancellationToken.None);

        counting.Pages.ShouldBe(2 * 5);
    }

    private sealed class Counting : IScanHandler
    {
        private int _pages;

        public int Pages => _pages;

        public Task ApplyAsync(ScanPage page, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _pages);
            return Task.CompletedTask;
        }
    }

    // Only the absence of a LastEvaluatedKey ends a scan:
    // https://docs.aws.amazon.com/goto/WebAPI/dynamodb-2012-08-10/Scan
    private sealed class TableWithEmptyPages(int pages) : ITablePages
    {
        public Task<ScanPage> ReadAsync(ScanPosition position, int limit, CancellationToken cancellationToken)
        {
            var number = (position.NextKey?.Length ?? 0) + 1;
            return Task.FromResult(new ScanPage(position, [], number < pages ? new string('x', number) : null, 0));
        }
    }

    private sealed class Ignoring : IScanHandler
    {
        public Task ApplyAsync(ScanPage page, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class FailingTable(params Exception[] failures) : ITablePages
    {
        private readonly Queue<Exception> _failures = new(failures);

        public List<int> Limits { get; } = [];

        public Task<ScanPage> ReadAsync(ScanPosition position, int limit, CancellationToken cancellationToken)
        {
            lock (_failures)
            {
                Limits.Add(limit);
                return _failures.TryDequeue(out var failure) ? Task.FromException<ScanPage>(failure) : Task.FromResult(new ScanPage(position, [], NextKey: null, 0));
            }
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
