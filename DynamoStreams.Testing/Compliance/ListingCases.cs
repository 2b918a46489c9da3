using static DynamoStreams.Testing.Compliance.Trial;

namespace DynamoStreams.Testing.Compliance;

/// <summary>Which instance lists a table's streams, and when.</summary>
internal static class ListingCases
{
    public static IReadOnlyList<LeaseStoreCase> All { get; } =
    [
        new(A_table_that_nobody_knows_is_due_to_be_listed), new(One_lists_at_a_time), new(A_listing_that_is_not_ended_makes_way_after_its_interval), new(A_listing_that_takes_long_keeps_others_away),
        new(A_listing_that_is_ended_makes_way_when_the_next_is_due), new(The_end_of_a_listing_does_not_put_off_the_next), new(A_listing_can_be_asked_for_sooner_and_not_later),
        new(What_is_said_of_a_table_that_was_never_claimed_does_nothing), new(A_table_counts_as_listed_when_shards_were_found),
    ];

    private static async Task A_table_that_nobody_knows_is_due_to_be_listed(Trial trial)
    {
        That(await trial.LookAsync() is { Open: [], Instances: [], IsListed: false, IsListingDue: true });
        That(await trial.LineageAsync() is { StreamArns: [], Begun.Count: 0, Shards.Count: 0 });
    }

    private static async Task One_lists_at_a_time(Trial trial)
    {
        That(await ClaimAsync(trial, Short));
        That(!await ClaimAsync(trial, Short));
        That(await trial.LookAsync() is { IsListingDue: false });
        That(await trial.Store.TryClaimListingAsync("payments", Short, CancellationToken.None), "another table is listed by itself");
    }

    private static async Task A_listing_that_is_not_ended_makes_way_after_its_interval(Trial trial)
    {
        await ClaimAsync(trial, Short);

        await trial.AdvanceAsync(Between);

        That(await trial.LookAsync() is { IsListingDue: true });
        That(await ClaimAsync(trial, Short));
    }

    private static async Task A_listing_that_takes_long_keeps_others_away(Trial trial)
    {
        await ClaimAsync(trial, Short);
        await trial.Store.KeepListingAsync(Table, Long, CancellationToken.None);
        await trial.Store.ListWithinAsync(Table, TimeSpan.Zero, CancellationToken.None);

        await trial.AdvanceAsync(Between);
        That(await trial.LookAsync() is { IsListingDue: false });
        That(!await ClaimAsync(trial, Short));

        await trial.AdvanceAsync(Long);
        That(await ClaimAsync(trial, Short));
    }

    private static async Task A_listing_that_is_ended_makes_way_when_the_next_is_due(Trial trial)
    {
        await ClaimAsync(trial, Long);
        await trial.Store.EndListingAsync(Table, Short, CancellationToken.None);
        That(!await ClaimAsync(trial, Short));

        await trial.AdvanceAsync(Between);

        That(await ClaimAsync(trial, Short));
    }

    private static async Task The_end_of_a_listing_does_not_put_off_the_next(Trial trial)
    {
        await ClaimAsync(trial, Short);
        await trial.Store.EndListingAsync(Table, Long, CancellationToken.None);

        await trial.AdvanceAsync(Between);

        That(await trial.LookAsync() is { IsListingDue: true });
    }

    private static async Task A_listing_can_be_asked_for_sooner_and_not_later(Trial trial)
    {
        await ClaimAsync(trial, Long);
        await trial.Store.EndListingAsync(Table, Long, CancellationToken.None);
        await trial.Store.ListWithinAsync(Table, Short, CancellationToken.None);
        await trial.Store.ListWithinAsync(Table, Long, CancellationToken.None);
        That(await trial.LookAsync() is { IsListingDue: false });

        await trial.AdvanceAsync(Between);

        That(await trial.LookAsync() is { IsListingDue: true });
    }

    private static async Task What_is_said_of_a_table_that_was_never_claimed_does_nothing(Trial trial)
    {
        await trial.Store.KeepListingAsync(Table, Long, CancellationToken.None);
        await trial.Store.EndListingAsync(Table, Long, CancellationToken.None);
        await trial.Store.ListWithinAsync(Table, Long, CancellationToken.None);
        await trial.AddStreamAsync();

        That(await trial.LookAsync() is { IsListed: false, IsListingDue: true });
    }

    private static async Task A_table_counts_as_listed_when_shards_were_found(Trial trial)
    {
        await ClaimAsync(trial, Long);
        await trial.WriteAsync(Plan with { HasShards = false });
        That(await trial.LookAsync() is { IsListed: false });

        await trial.AddStreamAsync();
        That(await trial.LookAsync() is { IsListed: true });

        await trial.WriteAsync(Plan with { HasShards = false });
        That(await trial.LookAsync() is { IsListed: true });
    }

    private static Task<bool> ClaimAsync(Trial trial, TimeSpan interval) => trial.Store.TryClaimListingAsync(Table, interval, CancellationToken.None);
}
