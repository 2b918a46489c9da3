using Orders.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<int, string> _flight = new();
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    [Fact]
    public async Task Those_who_ask_for_one_key_at_one_time_share_one_answer()
    {
        var first = _flight.RunAsync(1, ReadAsync, out var firstJoined);
        var second = _flight.RunAsync(1, ReadAsync, out var secondJoined);
        _answer.SetResult("one");

        (await first, await second, _reads).ShouldBe(("one", "one", 1));
        (firstJoined, secondJoined).ShouldBe((false, true));
    }

    [Fact]
    public async Task Another_key_has_a_flight_of_its_own()
    {
        var first = _flight.RunAsync(1, ReadAsync, out _);
        var second = _flight.RunAsync(2, ReadAsync, out var joined);
        _answer.SetResult("both");
        await Task.WhenAll(first, second);

        (_reads, joined).ShouldBe((2, false));
    }

    [Fact]
    public async Task Who_asks_after_the_answer_gets_a_new_one()
    {
        _answer.SetResult("one");
        await _flight.RunAsync(1, ReadAsync, out _);
        await _flight.RunAsync(1, ReadAsync, out var joined);

        (_reads, joined).ShouldBe((2, false));
    }

    [Fact]
    public async Task Who_joins_a_flight_that_looked_too_early_gets_the_next_one()
    {
        var first = _flight.RunAsync(1, ReadAsync, out _);
        var joined = _flight.RunAsync(1, _ => Task.FromResult("new"), answer => answer == "new", CancellationToken.None);
        var content = _flight.RunAsync(1, _ => Task.FromResult("newer"), answer => answer == "old", CancellationToken.None);
        _answer.SetResult("old");

        (await first, await joined, await content).ShouldBe(("old", "new", "old"));
    }

    [Fact]
    public async Task Who_flies_alone_is_not_sent_a_second_time()
    {
        _answer.SetResult("old");

        (await _flight.RunAsync(1, ReadAsync, answer => answer == "new", CancellationToken.None)).ShouldBe("old");
        _reads.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_is_everybodys_and_is_not_kept()
    {
        var first = _flight.RunAsync(1, ReadAsync, out _);
        var second = _flight.RunAsync(1, ReadAsync, out _);
        _answer.SetException(new InvalidOperationException("away"));

        await Should.ThrowAsync<InvalidOperationException>(first);
        await Should.ThrowAsync<InvalidOperationException>(second);
        (await _flight.RunAsync(1, _ => Task.FromResult("back"), out _)).ShouldBe("back");
    }

    [Fact]
    public async Task One_who_leaves_takes_nobody_along()
    {
        using var leave = new CancellationTokenSource();
        var first = _flight.RunAsync(1, ReadAsync, out _).WaitAsync(leave.Token);
        var second = _flight.RunAsync(1, ReadAsync, out _);

        await leave.CancelAsync();
        _answer.SetResult("one");

        await Should.ThrowAsync<OperationCanceledException>(first);
        (await second).ShouldBe("one");
    }

    private Task<string> ReadAsync(int key)
    {
        _reads++;
        return _answer.Task;
    }
}
