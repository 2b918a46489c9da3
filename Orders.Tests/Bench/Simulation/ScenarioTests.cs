using Orders.Bench.Simulation;
using Shouldly;
using Xunit;

namespace Orders.Tests.Bench.Simulation;

/// <summary>Small lives of a stream in virtual time: the consumer's promises hold in each.</summary>
public sealed class ScenarioTests
{
    [Theory]
    [InlineData(200, 10, 1)]
    [InlineData(200, 10, 2)]
    [InlineData(200, 10, 3)]
    [InlineData(100, 40, 4)]
    [InlineData(1500, 10, 5)]
    public async Task Every_promise_is_kept(int shards, int instances, int seed)
    {
        var scenario = await RunAsync(shards, instances, seed);

        scenario.Broken.ShouldBeEmpty();
        scenario.Figures.Where(figure => figure.IsMet == false).ShouldBeEmpty();
        scenario.Figures.ShouldContain(figure => figure.What == "records applied" && figure.Figure > 0);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_run() =>
        (await RunAsync(100, 10, seed: 7)).Figures.ShouldBe((await RunAsync(100, 10, seed: 7)).Figures);

    // Where no synchronization context takes the single thread away.
    private static Task<Scenario> RunAsync(int shards, int instances, int seed) => Task.Run(() =>
    {
        var scenario = new Scenario(new SimulationSettings { Shards = shards, Instances = instances, Seed = seed, ChurnMinutes = 4 }, _ => { });
        scenario.Run();
        return scenario;
    });
}
