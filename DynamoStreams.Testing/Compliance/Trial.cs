using System.Runtime.CompilerServices;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Testing.Compliance;

/// <summary>
/// One case on one store. Its times are so long that the run time of the test does not matter.
/// </summary>
internal sealed class Trial(ILeaseStoreUnderTest subject)
{
    public const string Table = "orders";
    public const string Arn = "stream-1";
    public const string Shard = "shard-1";

    public static readonly TimeSpan Short = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Long = TimeSpan.FromHours(10);
    public static readonly TimeSpan Between = TimeSpan.FromHours(1);

    public ILeaseStore Store => subject.Store;

    public static LineagePlan Plan { get; } = new()
    {
        Unknown = [],
        Doubtful = [],
        BrokenOff = [],
        Childless = [],
        Forgettable = [],
        NewStreams = [],
        Begins = [],
        Missing = [],
        Disabled = [],
        HasShards = true,
        IsSettled = true,
    };

    public static void That(bool holds, [CallerArgumentExpression(nameof(holds))] string expected = "")
    {
        if (!holds)
        {
            throw new ComplianceException($"expected: {expected}");
        }
    }

    public static async Task FailsAsync<T>(Func<Task> effect, [CallerArgumentExpression(nameof(effect))] string what = "")
        where T : Exception
    {
        try
        {
            await effect();
        }
        catch (T)
        {
            return;
        }

        throw new ComplianceException($"expected to fail with {typeof(T).Name}: {what}");
    }

    public static ShardListing Listed(string stream, string? label = null) => new(stream, []) { Label = label ?? stream };

    public static ShardState Named(string shardId, string stream = Arn) => new(stream, shardId, null, Finished: false, Free: true);

    public Task AdvanceAsync(TimeSpan time) => subject.AdvanceAsync(time);

    public Task<IReadOnlyList<StoredGap>> GapsAsync() => subject.ReadGapsAsync();

    /// <summary>Stores a stream that may be read, with shards.</summary>
    public Task AddStreamAsync(string stream = Arn, string table = Table, params string[] shards) => Store.WriteLineageAsync(
        table,
        Plan with { NewStreams = [Listed(stream)], Begins = [stream], Unknown = [.. shards.DefaultIfEmpty(Shard).Select(shard => (stream, new ShardDescription(shard, null)))] },
        CancellationToken.None);

    public Task WriteAsync(LineagePlan plan, string table = Table) => Store.WriteLineageAsync(table, plan, CancellationToken.None);

    public Task<LeaseView> LookAsync(string table = Table) => Store.LookAsync(table, CancellationToken.None);

    public Task<LineageState> LineageAsync(string table = Table) => Store.ReadLineageAsync(table, CancellationToken.None);

    /// <summary>The shard as the lease view shows it.</summary>
    public async Task<ShardState> SeenAsync(string shardId = Shard) =>
        (await LookAsync()).Open.SingleOrDefault(shard => shard.ShardId == shardId) ?? throw new ComplianceException($"expected to see {shardId} once among the open shards");

    /// <summary>The shard as it is stored.</summary>
    public async Task<ShardState> WrittenAsync(string shardId = Shard) =>
        (await LineageAsync()).Shards.SingleOrDefault(shard => shard.ShardId == shardId) ?? throw new ComplianceException($"expected {shardId} to be written down once");

    public Task HeartbeatAsync(string owner, TimeSpan duration, ShardLease? held = null, TimeSpan? caughtUp = null, string table = Table) =>
        Store.HeartbeatAsync(table, owner, duration, held is null ? [] : [(held, caughtUp)], CancellationToken.None);

    public Task<ShardLease?> TryAcquireAsync(string owner, TimeSpan? duration = null, string shardId = Shard) =>
        Store.TryAcquireAsync(Named(shardId), owner, duration ?? Long, CancellationToken.None);

    public async Task<ShardLease> AcquireAsync(string owner, TimeSpan? duration = null, string shardId = Shard) =>
        await TryAcquireAsync(owner, duration, shardId) ?? throw new ComplianceException($"expected {owner} to get {shardId}");

    public Task ReleaseAsync(ShardLease lease) => Store.ReleaseAsync(lease, CancellationToken.None);

    public static ShardBatch Batch(ShardLease lease, string? sequenceNumber, bool endsShard = false) =>
        new(lease, sequenceNumber is null ? [] : [ScriptedStreams.Record(sequenceNumber, "item")], endsShard);

    public Task<ILeaseTransaction> BeginAsync(ShardBatch batch) => subject.BeginAsync(batch);

    public async Task CommitAsync(ShardLease lease, string? sequenceNumber, bool endsShard = false)
    {
        await using var transaction = await BeginAsync(Batch(lease, sequenceNumber, endsShard));
        await transaction.CommitAsync();
    }
}
