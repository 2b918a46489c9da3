using Orders.ServiceDefaults.Settings;

namespace Orders.Warehouse.Settings;

/// <summary>Settings of the warehouse, section <c>Orders:Warehouse</c>.</summary>
internal sealed record WarehouseSettings
{
    /// <summary>The setting of <see cref="Cache"/>, as an operator types it.</summary>
    public const string CacheSetting = "Orders__Warehouse__Cache";

    /// <summary>The table of the demonstration.</summary>
    public const string DemoTable = "merchants";

    private const string CacheName = "orders-lake";
    private const int DefaultRows = 50_000;
    private const int DefaultStalledSeconds = 30;
    private const int LocalSeconds = 10;
    private const int RemoteSeconds = 60;

    private static readonly Lazy<string> WithoutHome = new(() => Directory.CreateTempSubdirectory(CacheName + "-").FullName);

    /// <summary><c>Orders:Warehouse:Lake</c>: a folder, or <c>s3://bucket/prefix</c>.</summary>
    public required string Lake { get; init; }

    /// <summary><c>Orders:Warehouse:Cache</c>: the folder for local copies of a lake in S3. By default
    /// <c>orders-lake</c> in the user's folder for data of programs.</summary>
    public string Cache { get; init; } = DefaultCache();

    /// <summary><c>Orders:Warehouse:SqlTables</c>: tables that SQL owns, separated by commas; each in the
    /// schema <c>public</c> unless it names one. By default none; in Development
    /// <see cref="DemoTable"/>. An empty value means none in Development, too.</summary>
    public IReadOnlyList<string> SqlTables { get; init; } = [];

    /// <summary><c>Orders:Warehouse:FileSeconds</c>: after this time a file is written, however small. By
    /// default 10 s for a folder and 60 s for S3.</summary>
    public TimeSpan FileAge { get; init; } = TimeSpan.FromSeconds(LocalSeconds);

    /// <summary><c>Orders:Warehouse:FileRows</c>: with this many changes a file is written, however
    /// young.</summary>
    public int FileRows { get; init; } = DefaultRows;

    /// <summary><c>Orders:Warehouse:StalledSeconds</c> (30): how long reading or writing may fail until the
    /// service is not ready.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromSeconds(DefaultStalledSeconds);

    /// <summary>Whether the lake is in S3.</summary>
    public bool IsS3 => LakeAddress.IsS3(Lake);

    /// <summary>Reads them.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <param name="isDevelopment">Whether the demonstration's table is read if none is named.</param>
    /// <exception cref="SettingsException">A value is invalid.</exception>
    public static WarehouseSettings Read(IConfiguration configuration, bool isDevelopment = false) => ConfigurationReader.Read(configuration, "Orders:Warehouse", reader =>
    {
        var lake = reader.Text("Lake") ?? ".orders/lake";
        var isS3 = LakeAddress.IsS3(lake);
        if (LakeAddress.IsForeign(lake) || (isS3 && LakeAddress.Parse(lake) is null))
        {
            reader.Refuse("Lake", $"'{lake}' is neither a folder nor s3://bucket/prefix.", "Correct it, for example .orders/lake or s3://my-bucket/lake.", lake);
        }

        return new WarehouseSettings
        {
            Lake = isS3 ? lake : Path.GetFullPath(lake),
            Cache = Path.GetFullPath(reader.Text("Cache") ?? DefaultCache()),
            SqlTables = [.. (configuration["Orders:Warehouse:SqlTables"] ?? (isDevelopment ? DemoTable : "")).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            FileAge = TimeSpan.FromSeconds(reader.Whole("FileSeconds", isS3 ? RemoteSeconds : LocalSeconds, 1, 3_600)),
            StalledAfter = TimeSpan.FromSeconds(reader.Whole("StalledSeconds", DefaultStalledSeconds, 1, 3_600)),
            FileRows = reader.Whole("FileRows", DefaultRows, 1, 1_000_000),
        };
    });

    // A user without a home gets a folder that nobody else could have made before.
    private static string DefaultCache() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } data ? Path.Combine(data, CacheName) : WithoutHome.Value;
}
