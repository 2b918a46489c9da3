using DynamoStreams.Api;
using Orders.Tests.DynamoStreams.Reading;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact26_An_engine_may_lose_iterators
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(14);

    [Fact]
    public async Task A_long_silence_is_checked_with_a_fresh_one()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        await reading.RunAsync(time =>
        {
            if (time.Elapsed > TimeSpan.FromMinutes(1) && shard.Records.Count == 0)
            {
                reading.Streams.LoseIterators();
                reading.Streams.Write(shard, "a");
            }

            return reading.Records == 1 || time.Elapsed > Long;
        });

        reading.Records.ShouldBe(1);
    }

    [Fact]
    public async Task And_where_that_one_cannot_be_had_since_the_last_record_is_trimmed_the_old_one_goes_on()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        reading.Streams.Write(shard, "a");
        var isTrimmed = false;
        await reading.RunAsync(time =>
        {
            if (!isTrimmed && reading.Records == 1)
            {
                isTrimmed = true;
                reading.Streams.Fail("GetShardIterator", StreamsFailure.TrimmedData, times: 10_000);
            }

            if (time.Elapsed > TimeSpan.FromMinutes(2) && shard.Records.Count == 1)
            {
                reading.Streams.Write(shard, "b");
            }

            return reading.Records == 2 || time.Elapsed > Long;
        });

        reading.Records.ShouldBe(2);
    }

    [Fact]
    public async Task And_where_the_old_one_is_lost_too_the_oldest_record_shows_it()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        reading.Streams.Write(shard, "a");
        await reading.RunAsync(time =>
        {
            shard.FalseTrims = 1;
            if (time.Elapsed > TimeSpan.FromMinutes(2) && shard.Records.Count == 1)
            {
                reading.Streams.LoseIterators();
                shard.TrimmedBefore = 1;
                reading.Streams.Write(shard, "b");
            }

            return reading.Records == 2 || time.Elapsed > Long;
        });

        reading.Records.ShouldBe(2);
        reading.Gaps.ShouldBe(1);
    }

    [Fact]
    public async Task A_record_that_comes_during_the_check_is_no_gap()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        reading.Streams.Write(shard, "a");
        var isSlow = false;
        await reading.RunAsync(time =>
        {
            shard.FalseTrims = 1;
            // Written between the empty page and the look at the oldest records; the old iterator takes some
            // pages to get there.
            if (reading.Streams.CallsOf("GetShardIterator") == 3 && !isSlow)
            {
                if (shard.Records.Count == 1)
                {
                    reading.Streams.Write(shard, "b");
                }
                else
                {
                    (isSlow, shard.EmptyPages) = (true, 4);
                }
            }

            return reading.Records == 2 || time.Elapsed > Long;
        });

        reading.Records.ShouldBe(2);
        reading.Gaps.ShouldBe(0);
    }

    [Theory]
    [InlineData(30, 0, 30)]
    [InlineData(30, 0.8, 24)]
    [InlineData(5, 0, 5)]
    public async Task The_time_until_a_silence_is_checked_is_an_option_with_jitter(int seconds, double jitter, int expected)
    {
        var reading = new VirtualReading { Polling = new() { UntilSilenceIsChecked = TimeSpan.FromSeconds(seconds), Jitter = () => jitter } };
        reading.Streams.AddShard("shard-1");
        var checkedAt = TimeSpan.Zero;
        await reading.RunAsync(time =>
        {
            checkedAt = time.Elapsed;
            return reading.Streams.CallsOf("GetShardIterator") == 2 || time.Elapsed > Long;
        });

        checkedAt.ShouldBeInRange(TimeSpan.FromSeconds(expected), TimeSpan.FromSeconds(expected + 1));
    }

    [Fact]
    public async Task One_that_cannot_be_had_is_asked_for_again()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        reading.Streams.Write(shard, "a");
        var isSaid = false;
        await reading.RunAsync(time =>
        {
            if (!isSaid && reading.Records == 1)
            {
                isSaid = true;
                shard.FalseTrims = 1;
            }

            if (time.Elapsed > TimeSpan.FromMinutes(5) && shard.Records.Count == 1)
            {
                reading.Streams.LoseIterators();
                reading.Streams.Write(shard, "b");
            }

            return reading.Records == 2 || time.Elapsed > Long;
        });

        reading.Records.ShouldBe(2);
    }

    [Fact]
    public async Task But_less_and_less_often()
    {
        var reading = new VirtualReading();
        var shard = reading.Streams.AddShard("shard-1");
        reading.Streams.Write(shard, "a");
        await reading.RunAsync(time =>
        {
            shard.FalseTrims = reading.Records == 1 ? 1 : 0;
            return time.Elapsed > TimeSpan.FromHours(1);
        });

        // The first, and after 30 s, 1, 2, 4 and 8 minutes more, and then twice after 15, each with a look
        // at the oldest records.
        reading.Streams.CallsOf("GetShardIterator").ShouldBe(1 + (2 * 7));
    }

    [Fact]
    public async Task After_an_answer_that_is_none_the_next_one_is_fresh()
    {
        var reading = new VirtualReading();
        reading.Streams.Write(reading.Streams.AddShard("shard-1"), "a");
        reading.Streams.Fail("GetRecords", StreamsFailure.Malformed, times: 3);
        await reading.RunAsync(time => reading.Records == 1 || time.Elapsed > Long);

        reading.Records.ShouldBe(1);
        reading.Streams.CallsOf("GetShardIterator").ShouldBe(4);
    }
}
