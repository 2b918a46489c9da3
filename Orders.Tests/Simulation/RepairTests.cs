using Shouldly;
using Xunit;

namespace Orders.Tests.Simulation;

/// <summary>Each repair of a fault that was found once is taken out again: then the simulation must find the fault.</summary>
public sealed class RepairTests
{
    private const int Seeds = 200;

    [Fact]
    public void V1_Without_a_second_sign_empty_answers_end_a_shard() => Finds(Repair.SecondSign, "no shard ends that goes on");

    [Fact]
    public void V4_Without_fresh_sessions_a_fail_over_lasts_for_ever() => Finds(Repair.FreshSessions, "each change is told");

    [Fact]
    public void V7_Without_places_of_tombstones_an_order_put_again_stays_away() => Finds(Repair.TombstonePlaces, "at rest Postgres has what the table has");

    [Fact]
    public void V8_Without_places_of_rows_a_lower_version_is_lost() => Finds(Repair.RowPlaces, "at rest Postgres has what the table has");

    private static void Finds(Repair repair, string promise)
    {
        var found = Enumerable.Range(1, Seeds).Select(seed => Simulation.Run(seed, repair)).FirstOrDefault(result => result.Broken.Any(broken => broken.StartsWith(promise, StringComparison.Ordinal)));

        found.ShouldNotBeNull($"without {repair} none of {Seeds} seeds breaks the promise");
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {found.Seed} finds it: {found.Broken[0]}");

        // And with the repair that very life is a good one.
        Simulation.Run(found.Seed).Broken.ShouldBeEmpty();
    }
}
