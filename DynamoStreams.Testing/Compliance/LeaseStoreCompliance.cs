namespace DynamoStreams.Testing.Compliance;

/// <summary>
/// The promises of <see cref="Leases.ILeaseStore"/> as test cases. The tests of a store run them one by one,
/// each on an empty store. Independent of any test framework.
/// </summary>
public static class LeaseStoreCompliance
{
    /// <summary>All cases.</summary>
    public static IReadOnlyList<LeaseStoreCase> Cases { get; } = [.. InstanceCases.All, .. LeaseCases.All, .. CheckpointCases.All, .. EndCases.All, .. ListingCases.All, .. LineageCases.All];
}
