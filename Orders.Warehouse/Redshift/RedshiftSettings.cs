using Npgsql;
using Orders.ServiceDefaults.Settings;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Redshift;

/// <summary>Settings of Redshift, section <c>Orders:Warehouse</c>.</summary>
internal sealed record RedshiftSettings
{
    private const int DefaultSeconds = 300;
    private const int CommandSeconds = 1_800;
    private const int ConnectSeconds = 60;

    /// <summary><c>Orders:Warehouse:Redshift</c>: <c>Host=…;Port=5439;Database=…;Username=…;SSL
    /// Mode=VerifyFull</c>; null
    /// when there is none. <c>Orders:Warehouse:RedshiftPassword</c> may be a setting of its own, since a
    /// task
    /// cannot insert a secret into a text.</summary>
    public string? ConnectionString { get; init; }

    /// <summary><c>Orders:Warehouse:RedshiftRole</c>: the ARN of the role with which COPY reads the lake; by
    /// default the default role of the namespace.</summary>
    public string? Role { get; init; }

    /// <summary><c>Orders:Warehouse:RedshiftSeconds</c>: how often it is loaded.</summary>
    public TimeSpan Between { get; init; } = TimeSpan.FromSeconds(DefaultSeconds);

    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">A value is invalid.</exception>
    public static RedshiftSettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, "Orders:Warehouse", reader =>
    {
        var text = reader.Verbatim("Redshift");
        if (text is not null && LakeAddress.Parse(reader.Text("Lake") ?? "") is null)
        {
            reader.Refuse("Redshift", "It is set, and Orders__Warehouse__Lake is not in S3, where Redshift reads.", "Set that to s3://bucket/prefix, or leave this out.", text);
        }

        return new RedshiftSettings
        {
            ConnectionString = text is null ? null : Connection(reader, text),
            Role = reader.Text("RedshiftRole"),
            Between = TimeSpan.FromSeconds(reader.Whole("RedshiftSeconds", DefaultSeconds, 30, 86_400)),
        };
    });

    private static string Connection(ConfigurationReader reader, string text)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text)
            {
                // A load has a connection of its own, so that no temporary table of one before is there.
                Pooling = false,
                CommandTimeout = CommandSeconds,
                Timeout = ConnectSeconds,
                MaxAutoPrepare = 0,
                ApplicationName = "orders-warehouse",
            };
            if (reader.Verbatim("RedshiftPassword") is { } password)
            {
                connection.Password = password;
            }

            return string.IsNullOrWhiteSpace(connection.Host) ? reader.Refuse("Redshift", "It names no Host.", WayOut, "") : connection.ConnectionString;
        }
        catch (ArgumentException)
        {
            // Its message may contain a part of the text, and so of the password.
            return reader.Refuse("Redshift", "It is not a connection string.", WayOut, "");
        }
    }

    private const string WayOut = "Set it to Host=…;Port=5439;Database=…;Username=…;SSL Mode=VerifyFull.";
}
