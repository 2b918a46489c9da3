using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Orders.Tests.DynamoStreams.Lineage;

/// <summary>
/// Random lives of a table's streams, consumed by the lineage rules alone until nothing moves any more.
/// </summary>
public sealed class LineageProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(100);

    [Fact]
    public void Every_record_is_read_once_in_the_order_of_its_item_and_nothing_waits_for_ever() => Check.One(Runs, Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var run = new SimulatedConsumer(seed, trims: false);
            run.RunToTheEnd();
            var read = run.Read.ToHashSet(StringComparer.Ordinal);
            return (read.Count == run.Read.Count).Label("each once")
                .And(read.SetEquals(run.Service.Written).Label("all of them"))
                .And(SimulatedService.IsInOrder(run.Read).Label("in order"))
                .And((run.Gaps == 0).Label("no gap"));
        }));

    [Fact]
    public void When_shards_are_trimmed_what_is_left_is_read_once_in_order_and_whatever_is_lost_is_a_gap() => Check.One(Runs, Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var run = new SimulatedConsumer(seed, trims: true);
            run.RunToTheEnd();
            var read = run.Read.ToHashSet(StringComparer.Ordinal);
            return (read.Count == run.Read.Count).Label("each once")
                .And(SimulatedService.IsInOrder(run.Read).Label("in order"))
                .And(run.Service.Readable.All(read.Contains).Label("all that is left"))
                .And((run.Gaps > 0 || run.Service.Written.All(record => read.Contains(record) || run.Service.TrimmedBeforeTheStart.Contains(record))).Label("a gap"));
        }));
}
