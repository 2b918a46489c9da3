using System.Net;
using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.Query.Settings;

/// <summary>The settings of this service, from <c>Orders:Query</c>.</summary>
/// <param name="MaxWaiters">Requests that may wait for a version at once, <c>MaxWaiters</c>. Each costs
/// about a kilobyte and no thread.</param>
/// <param name="LagThreshold">The lag from which the status is "lagging",
/// <c>LagThresholdSeconds</c>.</param>
/// <param name="CursorKey">The key that signs cursors and seals the ids of changes, <c>CursorKey</c>: the
/// same on every instance.</param>
/// <param name="MaxChangeStreams">Clients that may follow the changes at once, <c>MaxChangeStreams</c>. Each
/// costs a connection and no thread.</param>
/// <param name="ChangePing">How long a stream of changes may be silent before a ping is sent,
/// <c>ChangePingSeconds</c>.</param>
/// <param name="ReadsAtOnce">How much may be read from Postgres at once, <c>ReadsAtOnce</c>: a look by id
/// costs one, a list more. At most half of it is for one key.</param>
internal sealed record QuerySettings(int MaxWaiters, TimeSpan LagThreshold, byte[] CursorKey, int MaxChangeStreams, TimeSpan ChangePing, int ReadsAtOnce)
{
    private const string Section = "Orders:Query";
    private const int DefaultMaxWaiters = 10_000;
    private const int DefaultLagSeconds = 10;
    private const int DefaultMaxChangeStreams = 10_000;
    private const int DefaultChangePingSeconds = 15;
    private const int MinKeyChars = 16;
    private const int ReadsForProcessor = 4;
    private const int RemoteReadsAtOnce = 64;

    /// <summary>
    /// Reads them. The connection string must be well-formed already; the data source reports its errors.
    /// </summary>
    /// <exception cref="SettingsException">A value cannot be understood.</exception>
    public static QuerySettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, Section, settings => new QuerySettings(
        settings.Positive("MaxWaiters", DefaultMaxWaiters),
        TimeSpan.FromSeconds(settings.Positive("LagThresholdSeconds", DefaultLagSeconds)),
        ReadCursorKey(settings, configuration.GetConnectionString("orders")),
        settings.Positive("MaxChangeStreams", DefaultMaxChangeStreams),
        TimeSpan.FromSeconds(settings.Positive("ChangePingSeconds", DefaultChangePingSeconds)),
        settings.Positive("ReadsAtOnce", DefaultReadsAtOnce(configuration.GetConnectionString("orders")))));

    // A Postgres on this machine shares its processors: more reads at once would only take turns there.
    private static int DefaultReadsAtOnce(string? postgres)
    {
        var host = new NpgsqlConnectionStringBuilder(postgres).Host;
        var isHere = host is null or "localhost" || host.StartsWith('/') || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return isHere ? ReadsForProcessor * Environment.ProcessorCount : RemoteReadsAtOnce;
    }

    // Every instance must derive the same key. The host is not part of it, since instances may use different
    // addresses of the same database. If the password is rotated, set CursorKey, so that existing cursors
    // stay valid.
    private static byte[] ReadCursorKey(ConfigurationReader settings, string? postgres)
    {
        if (settings.Verbatim("CursorKey") is { } key)
        {
            return key.Length >= MinKeyChars
                ? CursorKeys.Of(key)
                : settings.Refuse<byte[]>("CursorKey", $"It is shorter than {MinKeyChars} characters.", "Set a longer text or leave it out.", []);
        }

        var database = new NpgsqlConnectionStringBuilder(postgres);
        return CursorKeys.Of($"{database.Database}\n{database.Username}\n{database.Password}");
    }
}
