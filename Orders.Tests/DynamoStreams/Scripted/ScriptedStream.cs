namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>One stream of the scripted table.</summary>
internal sealed class ScriptedStream(string streamArn)
{
    public string StreamArn => streamArn;

    public List<ScriptedShard> Shards { get; } = [];

    /// <summary>ENABLING, ENABLED, DISABLING or DISABLED. One that is ENABLING lists no shards.</summary>
    public string Status { get; set; } = "ENABLED";

    public string ViewType { get; set; } = "NEW_AND_OLD_IMAGES";

    /// <summary>Listings of the table's streams that will lack it although it is there.</summary>
    public int HiddenListings { get; set; }
}
