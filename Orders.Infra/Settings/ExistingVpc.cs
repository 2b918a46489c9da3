namespace Orders.Infra.Settings;

/// <summary>
/// An existing VPC. Its subnets are given here, so that synthesizing needs no access to the account.
/// </summary>
/// <param name="Id"><c>vpcId</c>.</param>
/// <param name="Zones"><c>vpcZones</c>.</param>
/// <param name="PrivateSubnets"><c>privateSubnets</c>.</param>
/// <param name="PublicSubnets"><c>publicSubnets</c>.</param>
/// <param name="PrivateRouteTables"><c>privateRouteTables</c>.</param>
internal sealed record ExistingVpc(
    string Id, IReadOnlyList<string> Zones, IReadOnlyList<string> PrivateSubnets, IReadOnlyList<string> PublicSubnets, IReadOnlyList<string> PrivateRouteTables)
{
    private const int LeastZones = 2;

    /// <summary>Checks that each list matches the zones.</summary>
    /// <exception cref="StackSettingException">One does not match.</exception>
    public void Check(bool makesEndpoints)
    {
        if (Zones.Count < LeastZones)
        {
            throw new StackSettingException(
                "vpcZones", "Aurora and the load balancers need two availability zones.", "List two or more, for example eu-central-1a,eu-central-1b.");
        }

        OnePerZone("privateSubnets", PrivateSubnets);
        if (PublicSubnets.Count > 0)
        {
            OnePerZone("publicSubnets", PublicSubnets);
        }

        if (makesEndpoints)
        {
            OnePerZone("privateRouteTables", PrivateRouteTables);
        }
    }

    private void OnePerZone(string parameter, IReadOnlyList<string> listed)
    {
        if (listed.Count != Zones.Count)
        {
            throw new StackSettingException(
                parameter, $"It lists {listed.Count} for {Zones.Count} zones.", "List one for each of vpcZones, in the same order.");
        }
    }
}
