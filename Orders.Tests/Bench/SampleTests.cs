using Orders.Bench.Measuring;
using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The statistics of the benches.</summary>
public sealed class SampleTests
{
    [Fact]
    public void The_median_of_an_odd_number_is_the_middle_one_and_an_outlier_only_widens_the_spread()
    {
        var sample = Sample.Of([3, 1000, 1, 2, 4]);

        sample.ShouldBe(new Sample(3, 1, 1000));
        sample.Spread.ShouldBe(333);
    }

    [Fact]
    public void The_median_of_an_even_number_lies_between_the_middle_two() => Sample.Of([4, 1, 2, 10]).Median.ShouldBe(3);

    [Fact]
    public void Ratios_are_taken_within_a_round_so_that_a_slow_round_weighs_on_both()
    {
        var ratio = Sample.Ratio([100, 10, 50], [50, 5, 25]);

        ratio.ShouldBe(new Sample(2, 2, 2));
    }

    [Fact]
    public void A_sample_of_nothing_is_an_error() => Should.Throw<ArgumentException>(() => Sample.Of([]));

    [Theory]
    [InlineData(1234567.8, "/s", "1 234 568 /s")]
    [InlineData(12.34, "×", "12.3 ×")]
    [InlineData(0.856, "×", "0.86 ×")]
    public void Figures_show_the_digits_that_count(double figure, string unit, string text) => Sample.Figure(figure, unit).ShouldBe(text);

    [Theory]
    [InlineData(30, true)]
    [InlineData(29.9, false)]
    public void A_floor_is_met_from_its_limit_up(double figure, bool met) => Bound.AtLeast(30).IsMetBy(figure).ShouldBe(met);

    [Theory]
    [InlineData(25, true)]
    [InlineData(25.1, false)]
    public void A_ceiling_is_met_up_to_its_limit(double figure, bool met) => Bound.AtMost(25).IsMetBy(figure).ShouldBe(met);

    [Fact]
    public async Task Every_side_is_measured_in_each_round_and_every_other_round_goes_backwards()
    {
        var order = new List<string>();

        var figures = await Rounds.RunAsync(["a", "b"], 3, (side, round) =>
        {
            order.Add($"{side}{round}");
            return Task.FromResult(round);
        });

        order.ShouldBe(["a1", "b1", "b2", "a2", "a3", "b3"]);
        figures["b"].ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Turns_go_forwards_and_backwards_and_a_rounds_figure_is_of_all_its_turns_without_those_of_the_round_before_the_first()
    {
        var order = "";
        var told = new List<string>();
        var turns = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0 };

        var figures = await Rounds.RunByTurnsAsync(["a", "b"], rounds: 1, turns: 3, Run, side => (turns[side], turns[side] = 0).Item1, (side, round, figure) => told.Add($"{side}{round}: {figure}"));

        order.ShouldBe("abba" + "abbaab");
        figures["a"].ShouldBe([3]);
        told.ShouldBe(["a1: 3", "b1: 3"]);

        Task Run(string side)
        {
            order += side;
            turns[side]++;
            return Task.CompletedTask;
        }
    }
}
