using DynamoStreams.Reading;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Reading;

public sealed class ReadAheadBudgetTests
{
    [Fact]
    public async Task Holds_back_what_goes_over_the_bound_until_something_is_released()
    {
        var budget = new ReadAheadBudget(100);
        await budget.ReserveAsync(60, CancellationToken.None);

        var second = budget.ReserveAsync(60, CancellationToken.None);
        second.IsCompleted.ShouldBeFalse();
        budget.Release(60);

        await second;
    }

    [Fact]
    public async Task Lets_a_page_larger_than_the_whole_budget_pass_when_nothing_else_is_held() =>
        await new ReadAheadBudget(100).ReserveAsync(5_000, CancellationToken.None);

    [Fact]
    public async Task A_waiter_that_gives_up_holds_nobody_else_back()
    {
        var budget = new ReadAheadBudget(100);
        await budget.ReserveAsync(80, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var givesUp = budget.ReserveAsync(80, stop.Token);
        var waits = budget.ReserveAsync(90, CancellationToken.None);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givesUp);
        budget.Release(80);

        await waits;
    }
}
