using System.Numerics;

namespace Orders.Tests.Simulation.Table;

/// <summary>A shard of the table's stream.</summary>
internal sealed class TableShard(World world, string shardId, TableShard? parent)
{
    private readonly List<(BigInteger Sequence, TimeSpan At, byte[] Json)> _records = [];

    public string ShardId => shardId;

    public TableShard? Parent => parent;

    public List<TableShard> Children { get; } = [];

    public TimeSpan OpenedAt { get; } = world.Now;

    public TimeSpan? ClosedAt { get; private set; }

    public bool IsClosed => ClosedAt is not null;

    /// <summary>Closed, and older than the stream remembers.</summary>
    public bool IsGone => ClosedAt < world.Now - StreamService.Memory;

    public IReadOnlyList<(BigInteger Sequence, TimeSpan At, byte[] Json)> Records => _records;

    public void Add(BigInteger sequence, TimeSpan at, byte[] json) => _records.Add((sequence, at, json));

    /// <summary>Closes it and opens its children: one is a roll, two are a split.</summary>
    public void Close() => ClosedAt = world.Now;

    /// <summary>Where reading goes on behind a record.</summary>
    public int IndexAfter(BigInteger? sequence) => sequence is null ? 0 : _records.FindIndex(record => record.Sequence == sequence) + 1;
}
