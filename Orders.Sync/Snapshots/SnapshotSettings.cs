using DynamoStreams.Snapshots;
using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Snapshots;

/// <summary>Settings of snapshots, section <c>Sync:Snapshot</c>.</summary>
internal sealed record SnapshotSettings
{
    private const double MostASecond = 10_000_000;

    /// <summary>
    /// <c>Sync:Snapshot:Automatic</c>: whether gaps and a first start begin a snapshot automatically.
    /// Default: true.
    /// </summary>
    public bool IsAutomatic { get; init; } = true;

    /// <summary>
    /// <c>Sync:Snapshot:ItemsPerSecond</c> (5000; 0 for no bound), <c>:CapacityUnitsPerSecond</c> (0 for no
    /// bound), <c>:Segments</c> (4) and <c>:PageItems</c> (500).
    /// </summary>
    public ScanOptions Scan { get; init; } = new();

    /// <summary>This instance's name among those that could run a snapshot.</summary>
    public string Owner { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    /// <summary>How long the lease holds without renewal.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the lease is renewed and gaps are looked for.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The wait between finding an order missing in the table and removing its row, unless the row changes
    /// meanwhile. It gives the stream time to bring the deletion itself, with its true version.
    /// </summary>
    public TimeSpan RemovalGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Rows checked in one step of the removal; the table is read 100 keys at a time.</summary>
    public int SweepRows { get; init; } = 1_000;

    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">A value that is not a number or out of range; a word that is
    /// neither true nor false.</exception>
    public static SnapshotSettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, "Sync:Snapshot", reader =>
    {
        var defaults = new ScanOptions();
        return new SnapshotSettings
        {
            IsAutomatic = reader.Flag("Automatic", fallback: true, "Set it to false where snapshots are begun by hand alone, or leave it out."),
            Scan = defaults with
            {
                ItemsPerSecond = Bound(reader.Number("ItemsPerSecond", defaults.ItemsPerSecond ?? 0, 0, MostASecond)),
                CapacityUnitsPerSecond = Bound(reader.Number("CapacityUnitsPerSecond", defaults.CapacityUnitsPerSecond ?? 0, 0, MostASecond)),
                Segments = reader.Whole("Segments", defaults.Segments, 1, 1_000),
                PageItems = reader.Whole("PageItems", defaults.PageItems, 1, 10_000),
            },
        };
    });

    private static double? Bound(double number) => number > 0 ? number : null;
}
