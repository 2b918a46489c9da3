using Orders.Query.Cache;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<int, string> _flight = new();
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    [Fact]
    public async Task Those_who_come_while_one_is_under_way_share_the_next_one()
    {
        var next = new TaskCompletionSource<string>();
        var first = RunAsync(1, ReadAsync);
        var others = Enumerable.Range(0, 10).Select(_ => RunAsync(1, NextAsync)).ToArray();
        _answer.SetResult("old");
        (await first).ShouldBe("old");
        await Eventually.HoldsAsync(() => Task.FromResult(_reads == 2));
        next.SetResult("new");

        // What the first read may be from before they asked.
        (await Task.WhenAll(others)).ShouldAllBe(answer => answer == "new");
        _reads.ShouldBe(2);

        Task<string> NextAsync(int key)
        {
            _reads++;
            return next.Task;
        }
    }

    [Fact]
    public async Task Another_key_has_a_flight_of_its_own()
    {
        var first = RunAsync(1, ReadAsync);
        var second = RunAsync(2, ReadAsync);
        _answer.SetResult("both");
        await Task.WhenAll(first, second);

        _reads.ShouldBe(2);
    }

    [Fact]
    public async Task Who_asks_after_the_answer_gets_a_new_one()
    {
        _answer.SetResult("one");
        await RunAsync(1, ReadAsync);
        await RunAsync(1, ReadAsync);

        _reads.ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_is_everybodys_and_is_not_kept()
    {
        var first = RunAsync(1, ReadAsync);
        var second = RunAsync(1, ReadAsync);
        _answer.SetException(new InvalidOperationException("away"));

        await Should.ThrowAsync<InvalidOperationException>(first);
        await Should.ThrowAsync<InvalidOperationException>(second);
        (await RunAsync(1, _ => Task.FromResult("back"))).ShouldBe("back");
    }

    [Fact]
    public async Task One_who_leaves_takes_nobody_along()
    {
        using var leave = new CancellationTokenSource();
        var first = _flight.RunAsync(1, ReadAsync, leave.Token);
        var second = RunAsync(1, ReadAsync);

        await leave.CancelAsync();
        _answer.SetResult("one");

        await Should.ThrowAsync<OperationCanceledException>(first);
        (await second).ShouldBe("one");
    }

    private Task<string> RunAsync(int key, Func<int, Task<string>> read) => _flight.RunAsync(key, read, CancellationToken.None);

    private Task<string> ReadAsync(int key)
    {
        _reads++;
        return _answer.Task;
    }
}
