using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>A table's leases at one moment, by the store's clock. All instances see the same.</summary>
/// <param name="Open">The unfinished shards of the table.</param>
/// <param name="Instances">The instances that are alive, by name.</param>
/// <param name="IsListed">Whether the table's streams were ever listed.</param>
/// <param name="IsListingDue">Whether it is time to list them again.</param>
public sealed record LeaseView(IReadOnlyList<ShardState> Open, IReadOnlyList<string> Instances, bool IsListed, bool IsListingDue);
