using DynamoStreams;
using DynamoStreams.Lineage;
using DynamoStreams.Testing;

namespace Orders.Bench.Simulation;

/// <summary>
/// What all instances share: virtual time, the stream, the store, and the options of the production code.
/// </summary>
internal sealed class SimulatedWorld
{
    private IReadOnlyList<ShardState>? _open;
    private IReadOnlyList<ShardState> _ready = [];
    private bool[] _isReady = [];
    private int _decidedAt = -1;

    public SimulatedWorld(int shards)
    {
        Stream = new SimulatedStream(Queue);
        Store = new MemoryLeaseStore(() => Queue.Now);
        for (var i = 0; i < shards; i++)
        {
            Stream.Open();
        }

        Promises = new Promises(Stream);
    }

    public EventQueue Queue { get; } = new();

    public SimulatedStream Stream { get; }

    public MemoryLeaseStore Store { get; }

    public StoreCalls Calls { get; } = new();

    public Promises Promises { get; }

    public StreamConsumerOptions Options { get; } = new() { TableName = SimulatedStream.TableName };

    /// <summary>
    /// The shards that may be read by the production rule, which depends only on the shards and their
    /// parents: decided again when a shard was added or has finished.
    /// </summary>
    public IReadOnlyList<ShardState> Ready(IReadOnlyList<ShardState> open)
    {
        if (ReferenceEquals(open, _open))
        {
            return _ready;
        }

        if (_decidedAt != Store.ShardSets || _isReady.Length != open.Count)
        {
            var ready = ShardLineage.Ready(open).ToHashSet(ReferenceEqualityComparer.Instance);
            _isReady = [.. open.Select(ready.Contains)];
            _decidedAt = Store.ShardSets;
        }

        (_open, _ready) = (open, [.. open.Where((_, index) => _isReady[index])]);
        return _ready;
    }

    /// <summary>Finds a shard in a listing, which is sorted by id.</summary>
    public static ShardState? Find(IReadOnlyList<ShardState> open, string shardId)
    {
        var (low, high) = (0, open.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(open[middle].ShardId, shardId);
            if (order == 0)
            {
                return open[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
