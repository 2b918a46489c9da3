using DynamoStreams;
using DynamoStreams.Leases;
using DynamoStreams.Listing;
using DynamoStreams.Reading;
using DynamoStreams.Scheduling;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Reading;

public sealed class ReadAheadBudgetTests
{
    [Fact]
    public async Task Holds_back_what_goes_over_the_bound_until_something_is_released()
    {
        var budget = new ReadAheadBudget(100);
        var (first, second) = (budget.Open(), budget.Open());
        await first.ReserveAsync(60, CancellationToken.None);
        await second.ReserveAsync(10, CancellationToken.None);

        var more = second.ReserveAsync(60, CancellationToken.None);
        more.IsCompleted.ShouldBeFalse();
        first.Release(60);

        await more;
        budget.Held.ShouldBe(70);
    }

    [Fact]
    public async Task Lets_a_page_larger_than_the_whole_budget_pass_when_nothing_else_is_held() =>
        await new ReadAheadBudget(100).Open().ReserveAsync(5_000, CancellationToken.None);

    [Fact]
    public async Task A_shard_that_holds_nothing_gets_its_page_whatever_the_others_hold()
    {
        var budget = new ReadAheadBudget(100);
        var (stuck, other) = (budget.Open(), budget.Open());
        await stuck.ReserveAsync(100, CancellationToken.None);
        var waits = stuck.ReserveAsync(10, CancellationToken.None);

        other.ReserveAsync(60, CancellationToken.None).IsCompleted.ShouldBeTrue();

        waits.IsCompleted.ShouldBeFalse();
        budget.Held.ShouldBe(160);
    }

    [Fact]
    public async Task A_shard_that_waits_gets_its_page_past_the_line_once_it_holds_nothing()
    {
        var budget = new ReadAheadBudget(100);
        var (stuck, other) = (budget.Open(), budget.Open());
        await stuck.ReserveAsync(100, CancellationToken.None);
        var waits = stuck.ReserveAsync(10, CancellationToken.None);
        other.ReserveAsync(60, CancellationToken.None).IsCompleted.ShouldBeTrue();
        var passes = other.ReserveAsync(60, CancellationToken.None);
        passes.IsCompleted.ShouldBeFalse();

        other.Release(60);

        await passes.WaitAsync(TimeSpan.FromSeconds(60));
        waits.IsCompleted.ShouldBeFalse();
        budget.Held.ShouldBe(160);
    }

    [Fact]
    public async Task A_waiter_that_gives_up_holds_nobody_else_back()
    {
        var budget = new ReadAheadBudget(100);
        var (first, second, third) = (budget.Open(), budget.Open(), budget.Open());
        await first.ReserveAsync(80, CancellationToken.None);
        await second.ReserveAsync(1, CancellationToken.None);
        await third.ReserveAsync(1, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var givesUp = second.ReserveAsync(80, stop.Token);
        var waits = third.ReserveAsync(90, CancellationToken.None);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givesUp);
        first.Release(80);

        await waits;
        budget.Held.ShouldBe(92);
    }

    [Fact]
    public async Task Those_behind_a_waiter_that_gives_up_are_let_in_at_once()
    {
        var budget = new ReadAheadBudget(100);
        var (first, second) = (budget.Open(), budget.Open());
        await first.ReserveAsync(50, CancellationToken.None);
        await second.ReserveAsync(10, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var givesUp = first.ReserveAsync(80, stop.Token);
        var waits = second.ReserveAsync(30, CancellationToken.None);
        waits.IsCompleted.ShouldBeFalse();

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givesUp);

        await waits;
        budget.Held.ShouldBe(90);
    }

    [Fact]
    public async Task A_page_that_is_stopped_on_its_way_gives_back_what_it_holds()
    {
        var streams = new ScriptedStreams();
        streams.Write(streams.AddShard("shard-1"), "a", "b");
        var budget = new ReadAheadBudget(10_000_000);
        using var stop = new CancellationTokenSource();
        var pages = System.Threading.Channels.Channel.CreateBounded<ReadPage>(1);
        await pages.Writer.WriteAsync(default);
        var (leases, lease) = (new MemoryLeaseStore(), new ShardLease(streams.Current.StreamArn, "shard-1", 1, null));
        var search = new EndSearch(
            streams, leases, new(lease.StreamArn, lease.ShardId), new StreamConsumerOptions { TableName = "orders" }.ListingPace, new ChildFilter(), TimeProvider.System, NullLogger.Instance);
        var reader = new ShardReader(streams, leases, lease, new PollingOptions(), budget.Open(), search, TimeProvider.System, NullLogger.Instance);
        var reading = reader.RunAsync(pages.Writer, stop.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(budget.Held == 200));

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading);

        budget.Held.ShouldBe(0);
    }
}
