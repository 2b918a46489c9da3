using Orders.Bench;
using Orders.Bench.Cli;
using Orders.Bench.Measuring;
using Orders.Bench.Report;
using Orders.Local.Cli;
using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

public sealed class BenchRunTests
{
    [Fact]
    public async Task A_bench_that_fails_takes_nothing_of_the_others_with_it_and_is_not_written_down()
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var run = new BenchRun(new BenchSettings { Save = true }, new Screen(output, errors, colour: false), [new Failing(), new Measured()]);

        (await run.RunAsync()).ShouldBe(1);

        var text = output.ToString();
        text.ShouldContain("the store is gone");
        text.ShouldContain("Failed: failing");
        text.Split('\n').ShouldContain(line => line.StartsWith("measured  something", StringComparison.Ordinal));
        text.ShouldContain("Not written");
    }

    private sealed class Failing : IBench
    {
        public string Name => "failing";

        public string Explanation => "";

        public Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("the store is gone");
    }

    private sealed class Measured : IBench
    {
        public string Name => "measured";

        public string Explanation => "";

        public Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ResultRow>>(
            [new() { Bench = Name, Subject = "something", Ours = "1", Rival = "", Judged = Sample.Of([1]) }]);
    }
}
