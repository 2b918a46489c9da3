using Orders.Sync.Status;

namespace Orders.Sync.Consuming;

/// <summary>The state that decides readiness.</summary>
internal sealed record StreamState
{
    /// <summary>The stream and its shards have been found.</summary>
    public required bool HasListed { get; init; }

    /// <summary>The state of all shards of the table; null when it could not be read.</summary>
    public required ShardsState? Shards { get; init; }

    /// <summary>The fault that an operator must fix before batches can be applied; null for none.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Why a single record is not applied in time; null for none.</summary>
    public string? Delay { get; init; }

    /// <summary>For how long the worst shard of this instance was behind without progress.</summary>
    public TimeSpan StalledFor { get; init; }

    /// <summary>The time since this instance's last heartbeat.</summary>
    public TimeSpan SinceHeartbeat { get; init; }

    /// <summary>For how long reads of a shard of this instance have failed.</summary>
    public TimeSpan ReadsFailFor { get; init; }

    /// <summary>Gaps that no snapshot has healed yet.</summary>
    public long OpenGaps { get; init; }
}
