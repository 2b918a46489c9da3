using Orders.Bench.Cli;
using Orders.Bench.Simulation;
using Shouldly;
using Xunit;

namespace Orders.Tests.Bench.Simulation;

/// <summary>The command line of the simulation.</summary>
public sealed class SimulateCommandTests
{
    [Fact]
    public async Task Without_options_ten_thousand_shards_are_shared_by_fifty_instances() =>
        (await ParseAsync()).ShouldBe(new SimulationSettings { Shards = 10_000, Instances = 50, Seed = 1, ChurnMinutes = 30 });

    [Fact]
    public async Task Every_option_is_taken() =>
        (await ParseAsync("--shards", "200", "--instances", "10", "--seed", "3", "--minutes", "2"))
            .ShouldBe(new SimulationSettings { Shards = 200, Instances = 10, Seed = 3, ChurnMinutes = 2 });

    [Theory]
    [InlineData("--shards", "9", "--shards takes a number from 10 to 100000, not '9'.")]
    [InlineData("--instances", "many", "--instances takes a number from 5 to 1000, not 'many'.")]
    public void A_wrong_option_is_named_with_what_it_may_be(string option, string value, string message) =>
        SimulateCommand.Create(_ => Task.FromResult(0)).Parse([option, value]).Errors.ShouldContain(error => error.Message == message);

    private static async Task<SimulationSettings> ParseAsync(params string[] arguments)
    {
        SimulationSettings? parsed = null;
        (await SimulateCommand.Create(settings =>
        {
            parsed = settings;
            return Task.FromResult(0);
        }).Parse(arguments).InvokeAsync()).ShouldBe(0);
        return parsed!;
    }
}
