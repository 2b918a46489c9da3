using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.Query.Settings;

/// <summary>What is particular to this service, from <c>Orders:Query</c>.</summary>
/// <param name="MaxWaiters">Requests that may wait for a version at once, <c>MaxWaiters</c>. Each costs
/// about a kilobyte and no thread.</param>
/// <param name="LagThreshold">The lag from which the status is "lagging",
/// <c>LagThresholdSeconds</c>.</param>
/// <param name="CursorKey">What cursors are sealed with, <c>CursorKey</c>: the same on every
/// instance.</param>
/// <param name="MaxChangeStreams">Clients that may follow the changes at once, <c>MaxChangeStreams</c>. Each
/// costs a connection and no thread.</param>
/// <param name="ChangePing">How long a stream of changes may be silent before it says that it lives,
/// <c>ChangePingSeconds</c>.</param>
internal sealed record QuerySettings(int MaxWaiters, TimeSpan LagThreshold, byte[] CursorKey, int MaxChangeStreams, TimeSpan ChangePing)
{
    private const string Section = "Orders:Query";
    private const int DefaultMaxWaiters = 10_000;
    private const int DefaultLagSeconds = 10;
    private const int DefaultMaxChangeStreams = 10_000;
    private const int DefaultChangePingSeconds = 15;
    private const int MinKeyChars = 16;

    /// <summary>
    /// Reads them. The connection string must be known to be well-formed: whoever opens the data source
    /// tells what is wrong with it.
    /// </summary>
    /// <exception cref="SettingsException">A value cannot be understood.</exception>
    public static QuerySettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, Section, settings => new QuerySettings(
        settings.Positive("MaxWaiters", DefaultMaxWaiters),
        TimeSpan.FromSeconds(settings.Positive("LagThresholdSeconds", DefaultLagSeconds)),
        ReadCursorKey(settings, configuration.GetConnectionString("orders")),
        settings.Positive("MaxChangeStreams", DefaultMaxChangeStreams),
        TimeSpan.FromSeconds(settings.Positive("ChangePingSeconds", DefaultChangePingSeconds))));

    // Every instance must come to the same key by itself. The host is left out of it, since instances may
    // reach one database by different addresses. Where the password is rotated while clients page, a
    // CursorKey of its own keeps their cursors good.
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
