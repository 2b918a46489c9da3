using Shouldly;
using Xunit;

namespace Orders.Tests.Simulation;

/// <summary>
/// Each repair of a fault that was found once is taken out again: then the simulation must find the fault.
/// </summary>
[Collection(nameof(Simulation))]
public sealed class RepairTests
{
    private const int Seeds = 200;

    [Fact]
    public void V1_Without_a_second_sign_empty_answers_end_a_shard() => Finds(Repair.SecondSign, "no shard ends that goes on");

    [Fact]
    public void V2_Without_tickets_a_late_write_brings_an_old_state_back() => Finds(Repair.Tickets, "no read is older than what was committed");

    [Fact]
    public void V3_Without_suspensions_readers_trust_what_was_committed_past() => Finds(Repair.Suspensions, "no read is older than what was committed");

    [Fact]
    public void V4_Without_fresh_sessions_a_fail_over_lasts_for_ever() => Finds(Repair.FreshSessions, "each change is told");

    [Fact]
    public void V5_Without_a_look_at_all_shards_who_holds_none_is_ready() => Finds(Repair.ReadinessOfAll, "nobody is ready while nothing goes on");

    [Fact]
    public void V6_Without_marks_a_write_meets_itself_and_is_refused() => Finds(Repair.WriteMarks, "what the write API answers is so");

    [Fact]
    public void V7_Without_places_of_tombstones_an_order_put_again_stays_away() => Finds(Repair.TombstonePlaces, "at rest Postgres has what the table has");

    [Fact]
    public void V8_Without_places_of_rows_a_lower_version_is_lost() => Finds(Repair.RowPlaces, "at rest Postgres has what the table has");

    [Fact]
    public void V9_Without_a_word_for_unreadable_answers_the_write_API_fails_of_itself() => Finds(Repair.UnreadableAnswers, "no fault of the store is the write API's");

    [Fact]
    public void V12_Without_a_limit_a_read_waits_for_a_silent_store() => Finds(Repair.ReadLimit, "each read is answered in time");

    [Fact]
    public void V13_Without_names_of_its_own_a_neighbour_in_Redis_is_read() => Finds(Repair.Scopes, "no read is older than what was committed");

    private static void Finds(Repair repair, string promise)
    {
        var found = Enumerable.Range(1, Seeds).Select(seed => Simulation.Run(seed, repair)).FirstOrDefault(result => result.Broken.Any(broken => broken.StartsWith(promise, StringComparison.Ordinal)));

        found.ShouldNotBeNull($"without {repair} none of {Seeds} seeds breaks the promise");
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {found.Seed} finds it: {found.Broken[0]}");

        // And with the repair that very life is a good one.
        Simulation.Run(found.Seed).Broken.ShouldBeEmpty();
    }
}
