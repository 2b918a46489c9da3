using System.Collections.Concurrent;
using Shouldly;
using Xunit;

namespace Orders.Tests.Simulation;

/// <summary>
/// Lives of the whole in virtual time, each from a seed. <c>ORDERS_SEEDS=10000</c> runs as many of them;
/// <c>ORDERS_SEED=7</c> runs that one and tells every event. What is known to be weak is spared
/// (<see cref="Weakness"/>); <c>ORDERS_UNSPARED=StubbornLies</c> spares it not.
/// </summary>
[Collection(nameof(Simulation))]
public sealed class SimulationTests
{
    private const int Seeds = 200;
    private const int LivesATell = 500;

    // Beside other tests one at a time, so that those which go by the clock have a processor; a full run has
    // the machine to itself.
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = Setting("ORDERS_SEEDS") is null ? 1 : Environment.ProcessorCount };

    private static Weakness Unspared => Enum.TryParse<Weakness>(Environment.GetEnvironmentVariable("ORDERS_UNSPARED"), out var weakness) ? weakness : Weakness.None;

    [Fact]
    public void Every_promise_is_kept_whatever_goes_wrong()
    {
        if (Setting("ORDERS_SEED") is { } seed)
        {
            var told = Simulation.Run(seed, heard: Console.WriteLine, unspared: Unspared);
            told.Broken.ShouldBeEmpty(told.ToString());
            return;
        }

        var (broken, over, lived) = (new ConcurrentBag<SimulationResult>(), 0, 0L);
        Parallel.For(1, (Setting("ORDERS_SEEDS") ?? Seeds) + 1, AtOnce, each =>
        {
            var result = Simulation.Run(each, unspared: Unspared);
            if (result.Broken.Count > 0)
            {
                broken.Add(result);
                Console.WriteLine($"seed {each}: {result.Broken[0]}");
            }

            var hours = new TimeSpan(Interlocked.Add(ref lived, result.Lived.Ticks)).TotalHours;
            if (Interlocked.Increment(ref over) is var number && number % LivesATell == 0)
            {
                Console.WriteLine($"{number} lives, {hours:F1} virtual hours, {broken.Count} broken");
            }
        });

        var first = broken.MinBy(result => result.Seed);
        broken.Count.ShouldBe(0, $"broken in seeds {string.Join(", ", broken.Select(result => result.Seed).Order().Take(20))}\n{first}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_seed_gives_the_same_life(int seed)
    {
        var (one, other) = (Simulation.Run(seed), Simulation.Run(seed));

        (other.Digest, other.Lived).ShouldBe((one.Digest, one.Lived));
        other.Digest.ShouldNotBe(Simulation.Run(seed + 100).Digest);
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : null;
}
