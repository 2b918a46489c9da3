using Orders.Sync.Status;

namespace Orders.Sync.Consuming;

/// <summary>What readiness is judged by.</summary>
internal sealed record StreamState
{
    /// <summary>The stream and its shards have been found.</summary>
    public required bool HasListed { get; init; }

    /// <summary>How all shards of the table are; null when it could not be looked up.</summary>
    public required ShardsState? Shards { get; init; }

    /// <summary>What keeps batches from being applied until a person mends it; null for nothing.</summary>
    public string? Obstacle { get; init; }

    /// <summary>What keeps a single record from being applied in time; null for nothing.</summary>
    public string? Delay { get; init; }

    /// <summary>For how long the worst shard of this instance was behind without progress.</summary>
    public TimeSpan StalledFor { get; init; }

    /// <summary>Since this instance's last heartbeat.</summary>
    public TimeSpan SinceHeartbeat { get; init; }

    /// <summary>For how long a shard of this instance cannot be read.</summary>
    public TimeSpan ReadsFailFor { get; init; }

    /// <summary>Gaps that no snapshot has healed yet.</summary>
    public long OpenGaps { get; init; }

    /// <summary>Shards that this instance holds.</summary>
    public int Held { get; init; }

    /// <summary>Records that it has applied.</summary>
    public long Records { get; init; }
}
