using Shouldly;
using Xunit;

namespace Orders.Tests.Architecture;

/// <summary>
/// The folders of a project are floors: a folder uses only what stands below it. Whoever needs something
/// from above moves it down, or hands it in (docs/architecture.md). That a namespace follows its folder is
/// checked by the build (IDE0130).
/// </summary>
public sealed class FloorsTests
{
    // From top to bottom. "" is the project's root, where it is put together. The consumer's other packages
    // are floors above it.
    private static readonly Dictionary<string, string[]> Floors = new(StringComparer.Ordinal)
    {
        ["DynamoStreams"] =
        [
            "Testing.Compliance", "Testing", "Postgres.Mapping", "Postgres", "", "Snapshots", "Applying", "Reading", "Listing", "Progress", "Leases", "Lineage", "Api", "Scheduling",
        ],
        ["Orders.Query"] =
        [
            "", "ById", "ByCustomer", "Lists", "History", "Customers", "Products", "Totals", "Owned", "WhoAmI", "Waiting", "Changes", "Freshness", "Status", "Rows", "Cache",
            "Reading", "Console", "Metrics", "Http", "Settings",
        ],
        ["Orders.ServiceDefaults"] =
            ["", "Commands", "Migrations", "Docs", "OpenApi", "SignIn", "RateLimits", "Bodies", "CrossSite", "Http", "Errors", "Telemetry", "Stores", "Health", "Hosting", "Settings", "FairShares"],
        ["Orders.Warehouse"] =
        [
            "", "Analytics", "Status", "Reconciling", "Compacting", "Requeueing", "Snapshots", "Consuming", "Redshift", "Tables", "Embedded", "Logs", "Ledger", "Store", "Settings",
        ],
        ["Orders.Sync"] =
            ["", "Consuming", "DeadLetters", "Snapshots", "Reconciling", "Repair", "Status", "Cache", "Projection", "Migrations", "Table"],
    };

    public static TheoryData<string> Projects { get; } = [.. Floors.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_uses_only_what_stands_below_it(string project) => Upward(project, Floors[project]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Each_folder_has_its_floor(string project) =>
        House.Folders(project).ShouldBe(Floors[project], ignoreOrder: true);

    private static List<string> Upward(string root, string[] floors) =>
    [
        .. from reference in House.References(root)
           let @from = House.Folder(reference.From, root)
           let to = House.Folder(reference.To, root)
           where Array.IndexOf(floors, to) < Array.IndexOf(floors, @from)
           select $"{@from}: {reference.From.Name} uses {reference.To.Name} of {(to.Length == 0 ? "the root" : to)}",
    ];
}
