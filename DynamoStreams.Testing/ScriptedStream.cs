namespace DynamoStreams.Testing;

/// <summary>One stream of the scripted table.</summary>
public sealed class ScriptedStream
{
    internal ScriptedStream(string streamArn) => StreamArn = streamArn;

    /// <summary>Its ARN.</summary>
    public string StreamArn { get; }

    /// <summary>Its shards, in the order in which they were added.</summary>
    public IReadOnlyList<ScriptedShard> Shards => Added;

    internal List<ScriptedShard> Added { get; } = [];

    /// <summary>ENABLING, ENABLED, DISABLING or DISABLED. One that is ENABLING lists no shards.</summary>
    public string Status { get; set; } = "ENABLED";

    /// <summary>What its records contain.</summary>
    public string ViewType { get; set; } = "NEW_AND_OLD_IMAGES";

    /// <summary>The number of listings that omit it although it exists.</summary>
    public int HiddenListings { get; set; }
}
