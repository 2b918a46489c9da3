namespace DynamoStreams.Testing;

/// <summary>One stream of the scripted table.</summary>
public sealed class ScriptedStream
{
    internal ScriptedStream(string streamArn) => StreamArn = streamArn;

    /// <summary>Names it.</summary>
    public string StreamArn { get; }

    /// <summary>Its shards, as they were added.</summary>
    public IReadOnlyList<ScriptedShard> Shards => Added;

    internal List<ScriptedShard> Added { get; } = [];

    /// <summary>ENABLING, ENABLED, DISABLING or DISABLED. One that is ENABLING lists no shards.</summary>
    public string Status { get; set; } = "ENABLED";

    /// <summary>What its records hold.</summary>
    public string ViewType { get; set; } = "NEW_AND_OLD_IMAGES";

    /// <summary>Listings of the table's streams that will lack it although it is there.</summary>
    public int HiddenListings { get; set; }
}
