namespace Orders.Bench.Simulation;

/// <summary>Why the reading of a shard ends.</summary>
internal enum PumpEnd
{
    /// <summary>The shard was applied to its end.</summary>
    Ended,

    /// <summary>It was stopped; the lease must be released.</summary>
    Stopped,

    /// <summary>Another instance has the lease.</summary>
    Lost,
}
