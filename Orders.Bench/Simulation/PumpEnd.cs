namespace Orders.Bench.Simulation;

/// <summary>How a shard's reading ends.</summary>
internal enum PumpEnd
{
    /// <summary>The shard is applied to its end.</summary>
    Ended,

    /// <summary>It was stopped; the lease is to be given back.</summary>
    Stopped,

    /// <summary>Another instance has the lease.</summary>
    Lost,
}
