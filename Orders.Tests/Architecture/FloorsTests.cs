using Shouldly;
using Xunit;

namespace Orders.Tests.Architecture;

/// <summary>
/// The folders of a project are floors: a folder uses only what stands below it. Whoever needs something from above moves it down, or hands it in
/// (docs/architecture.md).
/// </summary>
public sealed class FloorsTests
{
    // From top to bottom. "" is the project's root, where it is put together. The consumer's other packages are floors above it.
    private static readonly string[] Streams =
        ["Testing.Compliance", "Testing", "Postgres.Mapping", "Postgres", "", "Snapshots", "Applying", "Reading", "Listing", "Progress", "Leases", "Lineage", "Api", "Scheduling"];

    private static readonly string[] Sync =
        ["", "Consuming", "DeadLetters", "Snapshots", "Reconciling", "Repair", "Status", "Cache", "Operations", "Projection", "Migrations", "Table"];

    public static TheoryData<string, string[]> Projects => new() { { "DynamoStreams", Streams }, { "Orders.Sync", Sync } };

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_uses_only_what_stands_below_it(string project, string[] floors) => Upward(project, floors).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Each_folder_has_its_floor(string project, string[] floors) => House.Folders(project).ShouldBe(floors, ignoreOrder: true);

    private static List<string> Upward(string root, string[] floors) =>
    [
        .. from reference in House.References(root)
           let @from = House.Folder(reference.From, root)
           let to = House.Folder(reference.To, root)
           where Array.IndexOf(floors, to) < Array.IndexOf(floors, @from)
           select $"{@from}: {reference.From.Name} uses {reference.To.Name} of {(to.Length == 0 ? "the root" : to)}",
    ];
}
