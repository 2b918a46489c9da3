using Orders.Infra;

namespace Orders.AppHost.Aws;

/// <summary>The names of the services that clients reach, in a zone of Route 53. The certificate must be good for all of them.</summary>
/// <param name="Api">Of Orders.Api, <c>apiDomain</c>.</param>
/// <param name="Query">Of Orders.Query, <c>queryDomain</c>.</param>
/// <param name="GraphQl">Of Orders.GraphQL, <c>graphqlDomain</c>.</param>
/// <param name="ZoneId">The zone's id, <c>hostedZoneId</c>.</param>
/// <param name="ZoneName">The zone's name, <c>hostedZoneName</c>.</param>
internal sealed record AwsDomain(string Api, string Query, string GraphQl, string ZoneId, string ZoneName)
{
    private static readonly string[] Names = ["apiDomain", "queryDomain", "graphqlDomain", "hostedZoneId", "hostedZoneName"];

    /// <summary>Null when none of the five is set.</summary>
    /// <exception cref="StackSettingException">Only some of them are, or a name is not in the zone.</exception>
    public static AwsDomain? Read(Func<string, string?> parameter)
    {
        string[] values = [.. Names.Select(name => parameter(name)?.Trim() ?? "")];
        if (values.All(value => value is ""))
            return null;
        if (values.IndexOf("") is var missing and >= 0)
            throw new StackSettingException(Names[missing], $"It is missing, and {string.Join(", ", Names.Where((_, i) => values[i] is not ""))} is there.", "Set all five, or none of them.");
        var domain = new AwsDomain(values[0], values[1], values[2], values[3], values[4]);
        InZone(Names[0], domain.Api, domain.ZoneName);
        InZone(Names[1], domain.Query, domain.ZoneName);
        InZone(Names[2], domain.GraphQl, domain.ZoneName);
        return domain;
    }

    private static void InZone(string name, string domain, string zone)
    {
        if (domain != zone && !domain.EndsWith($".{zone}", StringComparison.OrdinalIgnoreCase))
            throw new StackSettingException(name, $"'{domain}' is not in the zone {zone}.", $"Set it to a name that ends with .{zone}, or correct hostedZoneName.");
    }
}
