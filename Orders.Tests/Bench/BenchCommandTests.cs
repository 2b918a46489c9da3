using Orders.Bench.Cli;
using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The command line of the benches.</summary>
public sealed class BenchCommandTests
{
    [Fact]
    public async Task Without_arguments_every_bench_runs_five_rounds()
    {
        var settings = await ParseAsync();

        settings.ShouldBe(new BenchSettings { Bench = "all", Rounds = 5, Quick = false, Save = false });
    }

    [Fact]
    public async Task A_bench_and_its_options_are_taken()
    {
        (await ParseAsync("apply", "--rounds", "7", "--save")).ShouldBe(new BenchSettings { Bench = "apply", Rounds = 7, Save = true });
        (await ParseAsync("read", "--quick")).ShouldBe(new BenchSettings { Bench = "read", Quick = true });
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("read")]
    [InlineData("write")]
    [InlineData("freshness")]
    [InlineData("growth")]
    [InlineData("idle")]
    [InlineData("warehouse")]
    public async Task Each_bench_is_known_by_its_word(string bench) => (await ParseAsync(bench)).Bench.ShouldBe(bench);

    [Theory]
    [InlineData("nothing", "'nothing' is no bench: choose one of apply")]
    [InlineData("--rounds 0", "--rounds takes a number from 1 to 100, not '0'.")]
    [InlineData("--rounds many", "--rounds takes a number from 1 to 100, not 'many'.")]
    [InlineData("--quick --save", "--save writes down what was measured, and --quick measures nothing")]
    public void A_wrong_argument_is_named_with_what_it_may_be(string arguments, string message)
    {
        var errors = BenchCommand.Create(_ => Task.FromResult(0)).Parse(arguments).Errors;

        errors.ShouldContain(error => error.Message.StartsWith(message, StringComparison.Ordinal));
    }

    private static async Task<BenchSettings> ParseAsync(params string[] arguments)
    {
        BenchSettings? parsed = null;
        (await BenchCommand.Create(settings =>
        {
            parsed = settings;
            return Task.FromResult(0);
        }).Parse(arguments).InvokeAsync()).ShouldBe(0);
        return parsed!;
    }
}
