namespace DynamoStreams.Api;

/// <summary>What happened to an item.</summary>
public enum StreamEvent
{
    /// <summary>It is new: no old image.</summary>
    Insert,

    /// <summary>It changed (or, from an emulator, was written again as it was).</summary>
    Modify,

    /// <summary>It is gone: no new image.</summary>
    Remove,
}
