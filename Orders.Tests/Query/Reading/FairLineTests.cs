using Orders.Query.Reading;
using Orders.ServiceDefaults.Errors;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class FairLineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task One_key_alone_runs_half_and_leaves_room_for_another()
    {
        var line = new FairLine(8, Patience, _time);
        for (var n = 0; n < 4; n++)
        {
            line.TryEnter(new("greedy", 1)).ShouldNotBeNull();
        }

        line.TryEnter(new("greedy", 1)).ShouldBeNull();
        var waiting = line.EnterAsync(new("greedy", 1), CancellationToken.None);
        line.TryEnter(new("other", 1)).ShouldNotBeNull();
        waiting.IsCompleted.ShouldBeFalse();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Work_that_waits_goes_in_turn_of_the_keys_and_not_in_that_of_arrival()
    {
        var line = new FairLine(1, Patience, _time);
        var running = line.TryEnter(new("greedy", 1)).ShouldNotBeNull();
        var order = new List<string>();
        var greedy = Enumerable.Range(0, 5).Select(n => RunAsync(line, new("greedy", 1), $"greedy {n}", order)).ToList();
        var other = RunAsync(line, new("other", 1), "other", order);

        running.Dispose();
        await Task.WhenAll([.. greedy, other]);

        order.IndexOf("other").ShouldBeLessThanOrEqualTo(1);
        order.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_costly_piece_of_work_counts_for_as_much_as_it_costs()
    {
        var line = new FairLine(10, Patience, _time);
        var running = line.TryEnter(new("third", 10)).ShouldNotBeNull();
        var order = new List<string>();
        var work = Enumerable.Range(0, 4).Select(n => RunAsync(line, new("costly", 10), "costly", order))
            .Concat(Enumerable.Range(0, 4).Select(n => RunAsync(line, new("cheap", 1), "cheap", order)))
            .ToList();

        running.Dispose();
        await Task.WhenAll(work);

        // All the cheap ones go before the second costly one.
        order.Take(5).Count(name => name == "cheap").ShouldBe(4);
    }

    [Fact]
    public async Task What_would_come_too_late_is_refused_at_once_and_says_whose_fault_it_is()
    {
        var line = new FairLine(2, Patience, _time);
        // It takes 400 ms for a unit.
        var first = line.TryEnter(new("greedy", 1)).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromMilliseconds(400));
        first.Answered();
        first.Dispose();
        line.TryEnter(new("greedy", 1)).ShouldNotBeNull();
        var waiting = new[] { line.EnterAsync(new("greedy", 1), CancellationToken.None), line.EnterAsync(new("greedy", 1), CancellationToken.None) };

        (await Should.ThrowAsync<BusyException>(() => line.EnterAsync(new("greedy", 1), CancellationToken.None))).StatusCode.ShouldBe(429);
        line.TryEnter(new("other", 1)).ShouldNotBeNull();
        _ = line.EnterAsync(new("other", 1), CancellationToken.None);
        _ = line.EnterAsync(new("third", 1), CancellationToken.None);
        _ = line.EnterAsync(new("fourth", 1), CancellationToken.None);
        (await Should.ThrowAsync<BusyException>(() => line.EnterAsync(new("fifth", 1), CancellationToken.None))).StatusCode.ShouldBe(503);
        waiting.ShouldAllBe(task => !task.IsCompleted);
    }

    [Fact]
    public async Task Who_waits_no_longer_takes_no_place()
    {
        var line = new FairLine(1, Patience, _time);
        var running = line.TryEnter(new("a", 1)).ShouldNotBeNull();
        using var gone = new CancellationTokenSource();
        var waiting = line.EnterAsync(new("b", 1), gone.Token);
        var next = line.EnterAsync(new("b", 1), CancellationToken.None);

        await gone.CancelAsync();
        running.Dispose();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        (await next).Dispose();
        line.TryEnter(new("c", 1)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_come_go_and_give_up_at_once()
    {
        var line = new FairLine(4, TimeSpan.FromDays(1), TimeProvider.System);
        var (most, running) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 5_000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (n, _) =>
        {
            using var patience = new CancellationTokenSource(n % 3 == 0 ? TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan);
            try
            {
                using var turn = await line.EnterAsync(new($"key-{n % 7}", 1 + (n % 3)), patience.Token);
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                // Gave up.
            }
        });

        most.ShouldBeInRange(1, 4);
        line.TryEnter(new("last", 4)).ShouldNotBeNull();
    }

    private static async Task RunAsync(FairLine line, Turn turn, string name, List<string> order)
    {
        using var at = await line.EnterAsync(turn, CancellationToken.None);
        lock (order)
        {
            order.Add(name);
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var now = Volatile.Read(ref most); value > now; now = Volatile.Read(ref most))
        {
            _ = Interlocked.CompareExchange(ref most, value, now);
        }
    }
}
