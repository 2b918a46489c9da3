using System.Text.RegularExpressions;

namespace Orders.Infra.Network;

/// <summary>A VPC that is there already. Its subnets are named here, so that synthesizing asks no account for them.</summary>
/// <param name="Id"><c>vpcId</c>.</param>
/// <param name="Zones"><c>vpcZones</c>: its availability zones, in the order of the subnets.</param>
/// <param name="PrivateSubnets"><c>privateSubnets</c>: one for each zone; tasks and stores live there.</param>
/// <param name="PublicSubnets"><c>publicSubnets</c>: one for each zone, for the load balancer; none when it is to be internal.</param>
/// <param name="PrivateRouteTables"><c>privateRouteTables</c>: one for each private subnet, needed only to make gateway endpoints.</param>
public sealed partial record ExistingVpc(
    string Id, IReadOnlyList<string> Zones, IReadOnlyList<string> PrivateSubnets, IReadOnlyList<string> PublicSubnets, IReadOnlyList<string> PrivateRouteTables)
{
    private const int MatchMilliseconds = 1_000;
    private const int LeastZones = 2;

    internal void Check(bool makesEndpoints)
    {
        SettingsRules.Fits("vpcId", Id, VpcId(), "the id of a VPC, for example vpc-0a1b2c3d");
        if (Zones.Count < LeastZones)
        {
            throw new StackSettingException("vpcZones", "Aurora and the load balancer need two availability zones.", "List two or more, for example eu-central-1a,eu-central-1b.");
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
            throw new StackSettingException(parameter, $"It lists {listed.Count} for {Zones.Count} zones.", "List one for each of vpcZones, in the same order.");
        }
    }

    [GeneratedRegex("^vpc-[0-9a-f]{8,17}$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex VpcId();
}
