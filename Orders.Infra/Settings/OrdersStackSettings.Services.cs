using System.ComponentModel.DataAnnotations;

namespace Orders.Infra.Settings;

internal sealed partial record OrdersStackSettings
{
    private const string DomainName = @"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]";
    private const string IsDomainName = "a DNS name in lower-case letters, for example orders.example.com";

    /// <summary>
    /// <c>apiImage</c>: of Orders.Api in a registry that the tasks reach, <c>registry/name:tag</c>; null to
    /// build it from the sources.
    /// </summary>
    public string? ApiImage { get; init; }

    /// <summary><c>syncImage</c>: likewise of Orders.Sync.</summary>
    public string? SyncImage { get; init; }

    /// <summary><c>queryImage</c>: likewise of Orders.Query.</summary>
    public string? QueryImage { get; init; }

    /// <summary><c>graphqlImage</c>: likewise of Orders.GraphQL.</summary>
    public string? GraphqlImage { get; init; }

    /// <summary>
    /// <c>certificateArn</c>: of ACM, for the load balancers; null for load balancers inside the VPC,
    /// without TLS.
    /// </summary>
    [RegularExpression(
        "arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+", ErrorMessage = "the ARN of a certificate of ACM in the stack's region")]
    public string? CertificateArn { get; init; }

    /// <summary>
    /// <c>apiDomain</c>: the name of Orders.Api in the zone; null for that of its load balancer. The
    /// certificate must be good for it.
    /// </summary>
    [RegularExpression(DomainName, ErrorMessage = IsDomainName)]
    public string? ApiDomain { get; init; }

    /// <summary><c>queryDomain</c>: likewise of Orders.Query.</summary>
    [RegularExpression(DomainName, ErrorMessage = IsDomainName)]
    public string? QueryDomain { get; init; }

    /// <summary><c>graphqlDomain</c>: likewise of Orders.GraphQL.</summary>
    [RegularExpression(DomainName, ErrorMessage = IsDomainName)]
    public string? GraphqlDomain { get; init; }

    /// <summary><c>hostedZoneId</c>: the zone of Route 53 that the three names are in.</summary>
    [RegularExpression("Z[A-Z0-9]{1,31}", ErrorMessage = "the id of a zone of Route 53, for example Z0123456789ABCDEFGHIJ")]
    public string? HostedZoneId { get; init; }

    /// <summary><c>hostedZoneName</c>: that zone's name.</summary>
    [RegularExpression(DomainName, ErrorMessage = IsDomainName)]
    public string? HostedZoneName { get; init; }

    /// <summary>
    /// <c>tasks</c>: instances of each service. Behind a load balancer it is the minimum, and up to five
    /// times as many run under load.
    /// </summary>
    [Range(1, 100)]
    public int Tasks { get; init; } = 2;

    /// <summary><c>taskCpu</c>: of each instance; 1024 is one processor.</summary>
    public int TaskCpu { get; init; } = 512;

    /// <summary><c>taskMemory</c>: of each instance, in MiB.</summary>
    public int TaskMemory { get; init; } = 1024;

    /// <summary>
    /// <c>writeKey</c>: the first key with the scope <c>orders:write</c>, as printed by <c>new-key</c>; null
    /// to put it into its secret later.
    /// </summary>
    public KeyHash? WriteKey { get; init; }

    /// <summary><c>readKey</c>: likewise for <c>orders:read</c>.</summary>
    public KeyHash? ReadKey { get; init; }

    /// <summary><c>operationsKey</c>: likewise for <c>operations</c>.</summary>
    public KeyHash? OperationsKey { get; init; }

    /// <summary>The DNS names of the public services; null for those of their load balancers.</summary>
    public ServiceDomains? Domains =>
        ApiDomain is { } api && QueryDomain is { } query && GraphqlDomain is { } graphql && HostedZoneId is { } zone && HostedZoneName is { } name
            ? new(api, query, graphql, zone, name)
            : null;
}
