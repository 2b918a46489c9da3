namespace Orders.Infra.Network;

/// <summary>The ports of the components.</summary>
internal static class Ports
{
    /// <summary>A service's container.</summary>
    public const int Container = 8080;

    public const int Https = 443;
    public const int Http = 80;
    public const int Postgres = 5432;
    public const int Redis = 6379;
    public const int Redshift = 5439;
}
