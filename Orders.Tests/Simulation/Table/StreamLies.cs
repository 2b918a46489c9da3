namespace Orders.Tests.Simulation.Table;

/// <summary>
/// What a broken service, or something before it, answers instead of the truth. Unless it is to be a
/// stubborn liar, no lie is told so often of a shard that it would pass for proof: docs/absence.md says what
/// does.
/// </summary>
internal sealed class StreamLies(World world)
{
    private static readonly StreamAnswer Empty = StreamAnswer.Of("{}");
    private static readonly StreamAnswer NoRecords = StreamAnswer.Of("""{"Records":[]}""");
    private static readonly StreamAnswer NoStreams = StreamAnswer.Of("""{"Streams":[]}""");
    private static readonly StreamAnswer Torn = StreamAnswer.Of("""{"Records":[{"eventID":"1","even""");
    private static readonly StreamAnswer Page = new(200, "<html><body>It works!</body></html>"u8.ToArray());
    private static readonly StreamAnswer Busy = new(503, ""u8.ToArray());

    // How often each of the lies was told of a shard that might pass for proof, since it was last told the
    // truth of.
    private readonly Dictionary<(TableShard Shard, string Lie), int> _told = [];

    /// <summary>Whether it lies now.</summary>
    public bool AreTold { get; set; }

    /// <summary>How often, while it does.</summary>
    public double Rate { get; set; } = 0.5;

    public StreamAnswer? OfListing() => Lies() ? world.OneOf([Empty, Empty, NoStreams, Torn, Page, Busy, StreamAnswer.Error("LimitExceededException")]) : null;

    /// <summary>A listing without a shard that is there.</summary>
    public bool Hides(TableShard shard) => AreTold && !world.IsCalm && shard.OpenedAt > world.Now - TimeSpan.FromSeconds(5) && world.Chance(Rate);

    public StreamAnswer? OfIterator(TableShard shard) => !Lies() ? null
        : world.Chance(0.2) && MayTell(shard, "trimmed", most: 6) ? StreamAnswer.Error("TrimmedDataAccessException")
        : world.OneOf([Empty, Busy, Page]);

    public StreamAnswer? OfRecords(TableShard shard) => !Lies() ? null
        : world.Chance(0.2) && MayTell(shard, "gone", most: 3) ? StreamAnswer.Error("ResourceNotFoundException")
        : world.Chance(0.1) && MayTell(shard, "ended", most: 1) ? NoRecords
        : world.OneOf([Empty, Empty, Torn, Page, Busy, StreamAnswer.Error("ExpiredIteratorException"), StreamAnswer.Error("LimitExceededException")]);

    /// <summary>Records of a shard were brought.</summary>
    public void Brought(TableShard shard)
    {
        foreach (var key in _told.Keys.Where(key => key.Shard == shard).ToList())
        {
            _told.Remove(key);
        }
    }

    private bool Lies() => AreTold && !world.IsCalm && world.Chance(Rate);

    private bool MayTell(TableShard shard, string lie, int most)
    {
        var told = _told[(shard, lie)] = _told.GetValueOrDefault((shard, lie)) + 1;
        return told <= most || world.Unspared.HasFlag(Weakness.StubbornLies);
    }
}
