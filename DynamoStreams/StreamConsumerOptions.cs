using DynamoStreams.Reading;

namespace DynamoStreams;

/// <summary>What to consume, and how.</summary>
public sealed record StreamConsumerOptions
{
    /// <summary>The table whose streams are read.</summary>
    public required string TableName { get; init; }

    /// <summary>This instance's name among those that share the work; unique for each start, so that nobody inherits a lease by name.</summary>
    public string Owner { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    /// <summary>How long a lease holds without renewal: a killed instance's shards are taken over after this.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often leases are renewed and free shards looked for.</summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the stream's shards are listed when nothing has happened; a shard's end makes it happen at once.</summary>
    public TimeSpan ListInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Records in a batch; a page more may come on top.</summary>
    public int MaxBatch { get; init; } = 5_000;

    /// <summary>Bytes read but not yet applied, over all shards.</summary>
    public long ReadAheadBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How often shards are asked for more.</summary>
    public PollingOptions Polling { get; init; } = new();
}
