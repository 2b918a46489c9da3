using DynamoStreams.Snapshots;
using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Snapshots;

/// <summary>Settings of snapshots, section <c>Sync:Snapshot</c>.</summary>
internal sealed record SnapshotSettings
{
    private const double MostASecond = 10_000_000;

    /// <summary>
    /// <c>Sync:Snapshot:Automatic</c>: whether gaps and a first start begin a snapshot by themselves. True
    /// unless set.
    /// </summary>
    public bool IsAutomatic { get; init; } = true;

    /// <summary>
    /// <c>Sync:Snapshot:ItemsPerSecond</c> (5000; 0 for no bound), <c>:CapacityUnitsPerSecond</c> (0 for no
    /// bound), <c>:Segments</c> (4) and <c>:PageItems</c> (500).
    /// </summary>
    public ScanOptions Scan { get; init; } = new();

    /// <summary>This instance's name among those that could run a snapshot.</summary>
    public string Owner { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    /// <summary>How long the right to run it holds without renewal.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is renewed, and how often gaps are looked for.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long after the table said that an order is gone the row is removed, unless it has changed
    /// meanwhile: time for the stream to bring the deletion itself, with its true version.
    /// </summary>
    public TimeSpan RemovalGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Rows looked at in a step of the removal; the service is asked for 100 at a time.</summary>
    public int SweepRows { get; init; } = 1_000;

    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">A number that is none, or out of range; a word that is neither
    /// true nor false.</exception>
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
