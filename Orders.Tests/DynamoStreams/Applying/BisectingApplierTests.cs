using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Reading;
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

        public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            Tries++;
            if (batch.Records.Select(fault).FirstOrDefault(failure => failure is not null) is { } failure)
                throw failure;
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
            InvalidOperationException => FailureKind.Setup,
            _ => FailureKind.Record,
        };
    }
}
