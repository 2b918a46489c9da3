using System.ComponentModel.DataAnnotations;

namespace Orders.Infra.Settings;

internal sealed partial record OrdersStackSettings
{
    /// <summary>
    /// <c>vpcCidr</c>: the addresses of a new VPC. They may also call an internal load balancer, so set it
    /// to the range of an existing VPC.
    /// </summary>
    public string VpcCidr { get; init; } = "10.20.0.0/16";

    /// <summary><c>zones</c>: in how many availability zones a new VPC has subnets.</summary>
    [Range(2, 3)]
    public int Zones { get; init; } = 2;

    /// <summary><c>vpcId</c>: the VPC to use instead of a new one.</summary>
    [RegularExpression("vpc-[0-9a-f]{8,17}", ErrorMessage = "the id of a VPC, for example vpc-0a1b2c3d")]
    public string? VpcId { get; init; }

    /// <summary><c>vpcZones</c>: its availability zones, in the order of the subnets.</summary>
    public IReadOnlyList<string> VpcZones { get; init; } = [];

    /// <summary><c>privateSubnets</c>: one for each zone, for tasks and stores.</summary>
    public IReadOnlyList<string> PrivateSubnets { get; init; } = [];

    /// <summary>
    /// <c>publicSubnets</c>: one for each zone, for the load balancers; none for internal ones.
    /// </summary>
    public IReadOnlyList<string> PublicSubnets { get; init; } = [];

    /// <summary>
    /// <c>privateRouteTables</c>: one for each private subnet, needed only to make gateway endpoints.
    /// </summary>
    public IReadOnlyList<string> PrivateRouteTables { get; init; } = [];

    /// <summary>
    /// <c>endpoints</c>: whether VPC endpoints are made. Null for "with a new VPC only": an existing one has
    /// them, or a NAT gateway.
    /// </summary>
    public bool? Endpoints { get; init; }

    /// <summary>The VPC to use; null for a new one.</summary>
    public ExistingVpc? Vpc => VpcId is { } id ? new(id, VpcZones, PrivateSubnets, PublicSubnets, PrivateRouteTables) : null;

    /// <summary>Whether VPC endpoints are made, with the default applied.</summary>
    public bool MakesEndpoints => Endpoints ?? VpcId is null;

    /// <summary>
    /// Whether the load balancers are public: only with a certificate, since keys would otherwise be sent in
    /// clear text, and with public subnets.
    /// </summary>
    public bool IsPublic => CertificateArn is not null && (VpcId is null || PublicSubnets.Count > 0);
}
