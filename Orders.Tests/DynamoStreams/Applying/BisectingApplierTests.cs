using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Progress;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Applying;

public sealed class BisectingApplierTests
{
    private static readonly PollingOptions Quick = new() { FirstBackoff = TimeSpan.FromMilliseconds(1), LongestBackoff = TimeSpan.FromMilliseconds(2) };
    private readonly ConsumerProgress _progress = new();

    [Fact]
    public async Task One_bad_record_of_a_thousand_is_found_in_a_logarithm_of_tries_and_the_order_is_kept()
    {
        var records = Records(1000);
        var handler = new Handler(record => record == records[617] ? new FormatException() : null);

        await ApplyAsync(handler, records, endsShard: true);

        handler.Applied.ShouldBe(records.Except([records[617]]));
        handler.SetAside.ShouldBe([records[617]]);
        handler.Tries.ShouldBeLessThanOrEqualTo(2 * 10 + 1);
        handler.Ends.ShouldBe(1, "only the last part ends the shard");
    }

    [Fact]
    public async Task A_bad_last_record_still_ends_the_shard()
    {
        var records = Records(3);
        var handler = new Handler(record => record == records[2] ? new FormatException() : null);

        await ApplyAsync(handler, records, endsShard: true);

        handler.SetAside.ShouldBe([records[2]]);
        handler.Ends.ShouldBe(1);
    }

    [Fact]
    public async Task What_passes_is_tried_again_and_no_record_is_blamed()
    {
        var failures = 5;
        var handler = new Handler(_ => failures-- > 0 ? new TimeoutException() : null);

        await ApplyAsync(handler, Records(10));

        handler.SetAside.ShouldBeEmpty();
        handler.Applied.Count.ShouldBe(10);
        _progress.Obstacle.ShouldBeNull();
    }

    [Fact]
    public async Task A_fault_of_the_set_up_is_waited_out_and_visible_and_no_record_is_blamed()
    {
        var mended = false;
        var handler = new Handler(_ => mended ? null : new InvalidOperationException("no such table"));

        var applying = ApplyAsync(handler, Records(10));
        await Eventually.HoldsAsync(() => Task.FromResult(_progress.Obstacle == "no such table" && handler.Tries > 3));
        applying.IsCompleted.ShouldBeFalse();
        mended = true;
        await applying;

        handler.SetAside.ShouldBeEmpty();
        handler.Applied.Count.ShouldBe(10);
        _progress.Obstacle.ShouldBeNull();
    }

    [Fact]
    public async Task A_lost_lease_is_neither_tried_again_nor_bisected()
    {
        var handler = new Handler(_ => new LeaseLostException("shard"));

        await Should.ThrowAsync<LeaseLostException>(() => ApplyAsync(handler, Records(10)));

        handler.Tries.ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_that_takes_too_long_is_applied_in_smaller_ones_which_is_remembered_and_no_record_is_blamed()
    {
        var records = Records(64);
        var handler = new Handler(_ => null) { FitsInTime = 10 };
        var applier = Applier(handler);

        await ApplyAsync(applier, records[..32], endsShard: true);
        var timeOuts = handler.TimeOuts;
        await ApplyAsync(applier, records[32..]);

        handler.Applied.ShouldBe(records);
        handler.SetAside.ShouldBeEmpty();
        handler.Ends.ShouldBe(1);
        timeOuts.ShouldBe(4, "32 twice, 16 twice");
        handler.TimeOuts.ShouldBe(timeOuts, "the next batch begins with what fitted");
    }

    [Fact]
    public async Task Once_they_fit_batches_become_larger_again()
    {
        var handler = new Handler(_ => null) { FitsInTime = 10 };
        var applier = Applier(handler);
        await ApplyAsync(applier, Records(32));

        handler.FitsInTime = int.MaxValue;
        await ApplyAsync(applier, Records(1000));
        handler.Largest = 0;
        await ApplyAsync(applier, Records(64));

        handler.Largest.ShouldBe(64);
    }

    [Fact]
    public async Task A_single_record_that_takes_too_long_is_waited_for_and_visible()
    {
        var handler = new Handler(_ => null) { FitsInTime = 0 };

        var applying = ApplyAsync(handler, Records(3));
        await Eventually.HoldsAsync(() => Task.FromResult(_progress.Delay == "too slow" && handler.TimeOuts > 10));
        applying.IsCompleted.ShouldBeFalse();
        handler.FitsInTime = 1;
        await applying.WaitAsync(TimeSpan.FromMinutes(1));

        handler.Applied.Count.ShouldBe(3);
        handler.SetAside.ShouldBeEmpty();
        _progress.Delay.ShouldBeNull();
    }

    private BisectingApplier Applier(Handler handler) => new(handler, Quick, _progress, TimeProvider.System, NullLogger.Instance);

    private static Task ApplyAsync(BisectingApplier applier, StreamRecord[] records, bool endsShard = false) =>
        applier.ApplyAsync(new ShardBatch(new ShardLease("arn", "shard", 1, null), records, endsShard), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));

    private Task ApplyAsync(Handler handler, StreamRecord[] records, bool endsShard = false) =>
        new BisectingApplier(handler, Quick, _progress, TimeProvider.System, NullLogger.Instance)
            .ApplyAsync(new ShardBatch(new ShardLease("arn", "shard", 1, null), records, endsShard), CancellationToken.None);

    private static StreamRecord[] Records(int count) => [.. Enumerable.Range(0, count).Select(i => StreamRecords.Raw(StreamEvent.Insert, $"item-{i}", "{}"))];

    private sealed class Handler(Func<StreamRecord, Exception?> fault) : IBatchHandler
    {
        public List<StreamRecord> Applied { get; } = [];

        public List<StreamRecord> SetAside { get; } = [];

        public int Tries { get; private set; }

        public int Ends { get; private set; }

        /// <summary>Records that are applied in time; more are a time-out.</summary>
        public volatile int FitsInTime = int.MaxValue;

        public int TimeOuts { get; private set; }

        public int Largest { get; set; }

        public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            Tries++;
            if (batch.Records.Count > FitsInTime)
            {
                TimeOuts++;
                throw new OperationCanceledException("too slow");
            }

            Largest = Math.Max(Largest, batch.Records.Count);
            if (batch.Records.Select(fault).FirstOrDefault(failure => failure is not null) is { } failure)
            {
                throw failure;
            }

            Applied.AddRange(batch.Records);
            Ends += batch.EndsShard ? 1 : 0;
            return Task.CompletedTask;
        }

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken)
        {
            SetAside.AddRange(batch.Records);
            Ends += batch.EndsShard ? 1 : 0;
            return Task.CompletedTask;
        }

        public FailureKind Classify(Exception failure) => failure switch
        {
            TimeoutException => FailureKind.Passing,
            OperationCanceledException => FailureKind.Slow,
            InvalidOperationException => FailureKind.Setup,
            _ => FailureKind.Record,
        };
    }
}
