using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Testing;
using DynamoStreams.Testing.Compliance;

namespace Orders.Tests.DynamoStreams.Testing;

/// <summary>The store in memory, by a clock that a test turns.</summary>
internal sealed class MemoryUnderTest : ILeaseStoreUnderTest
{
    private readonly MemoryLeaseStore _store;
    private TimeSpan _now = TimeSpan.FromDays(100);

    public MemoryUnderTest() => _store = new MemoryLeaseStore(() => _now);

    public ILeaseStore Store => _store;

    public Task AdvanceAsync(TimeSpan time)
    {
        _now += time;
        return Task.CompletedTask;
    }

    public Task<ILeaseTransaction> BeginAsync(ShardBatch batch) =>
        Task.FromResult<ILeaseTransaction>(new Transaction(_store, batch, _store.TryBegin(batch.Lease) ?? throw new LeaseLostException(batch.Lease.ShardId)));

    public Task<IReadOnlyList<StoredGap>> ReadGapsAsync() => Task.FromResult(_store.Gaps);

    private sealed class Transaction(MemoryLeaseStore store, ShardBatch batch, MemoryTransaction transaction) : ILeaseTransaction
    {
        private bool _isOver;

        public Task CommitAsync()
        {
            _isOver = true;
            return store.Commit(transaction, batch.Checkpoint, batch.EndsShard) ? Task.CompletedTask : throw new IOException("the connection was ended");
        }

        public ValueTask DisposeAsync()
        {
            if (!_isOver)
            {
                store.RollBack(transaction);
            }

            return ValueTask.CompletedTask;
        }
    }
}
