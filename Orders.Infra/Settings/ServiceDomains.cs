namespace Orders.Infra.Settings;

/// <summary>
/// The DNS names of the public services, in a zone of Route 53. The certificate must be valid for all of
/// them.
/// </summary>
/// <param name="Api">Of Orders.Api, <c>apiDomain</c>.</param>
/// <param name="Query">Of Orders.Query, <c>queryDomain</c>.</param>
/// <param name="GraphQl">Of Orders.GraphQL, <c>graphqlDomain</c>.</param>
/// <param name="ZoneId">The zone's id, <c>hostedZoneId</c>.</param>
/// <param name="ZoneName">The zone's name, <c>hostedZoneName</c>.</param>
internal sealed record ServiceDomains(string Api, string Query, string GraphQl, string ZoneId, string ZoneName)
{
    /// <summary>
    /// Checks that all five are given or none, with a certificate, and that the names are in the zone.
    /// </summary>
    /// <exception cref="StackSettingException">Only some of them are, the certificate is missing, or a name
    /// is not in the zone.</exception>
    public static void Check(OrdersStackSettings settings)
    {
        (string Name, string? Value)[] all =
        [
            ("apiDomain", settings.ApiDomain), ("queryDomain", settings.QueryDomain), ("graphqlDomain", settings.GraphqlDomain),
            ("hostedZoneId", settings.HostedZoneId), ("hostedZoneName", settings.HostedZoneName),
        ];
        string[] given = [.. all.Where(each => each.Value is not null).Select(each => each.Name)];
        if (given.Length == 0)
        {
            return;
        }

        if (Array.Find(all, each => each.Value is null).Name is { } missing)
        {
            throw new StackSettingException(missing, $"It is missing, and {string.Join(", ", given)} is there.", "Set all five, or none of them.");
        }

        if (settings.CertificateArn is null)
        {
            throw new StackSettingException(
                "certificateArn", $"It is missing, and {string.Join(", ", given)} is there: names are for HTTPS.",
                "Set it to the ARN of a certificate that is good for the three names.");
        }

        foreach (var (name, value) in all[..3])
        {
            InZone(name, value!, settings.HostedZoneName!);
        }
    }

    private static void InZone(string name, string domain, string zone)
    {
        if (domain != zone && !domain.EndsWith($".{zone}", StringComparison.Ordinal))
        {
            throw new StackSettingException(
                name, $"'{domain}' is not in the zone {zone}.", $"Set it to a name that ends with .{zone}, or correct hostedZoneName.");
        }
    }
}
