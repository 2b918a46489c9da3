namespace DynamoStreams.Testing.Compliance;

/// <summary>
/// What every <see cref="Leases.ILeaseStore"/> must do, for the tests of a store to run one by one, each on
/// an empty store. Bound to no test framework.
/// </summary>
public static class LeaseStoreCompliance
{
    /// <summary>All cases.</summary>
    public static IReadOnlyList<LeaseStoreCase> Cases { get; } = [.. InstanceCases.All, .. LeaseCases.All, .. CheckpointCases.All, .. EndCases.All, .. ListingCases.All, .. LineageCases.All];
}
