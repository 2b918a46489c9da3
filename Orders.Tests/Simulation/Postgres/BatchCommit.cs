using System.Globalization;
using System.Numerics;
using DynamoStreams.Applying;
using Orders.Domain.Item;
using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>What a batch asks of Postgres, in one transaction.</summary>
/// <param name="Batch">The batch: its lease and checkpoint.</param>
/// <param name="Versions">Every change, in the stream's order.</param>
internal sealed record BatchCommit(ShardBatch Batch, IReadOnlyList<PlacedChange> Versions)
{
    /// <summary>The last change of each order, in the stream's order.</summary>
    public IReadOnlyList<PlacedChange> Newest { get; } = [.. Versions.GroupBy(change => change.OrderId).Select(changes => changes.Last())];

    /// <summary>What the table said of orders in doubt: looked up while nobody else could commit.</summary>
    public Dictionary<Guid, StoredState> LookedUp { get; } = [];

    public static BatchCommit Of(ShardBatch batch, ChangeSet changes) =>
        changes.SetAside.Count > 0 || changes.Versions.Count != batch.Records.Count
            ? throw new InvalidOperationException("the simulation writes no record that is no good")
            : new(batch, [.. changes.Versions.Zip(batch.Records, (change, record) => new PlacedChange(change, BigInteger.Parse(record.SequenceNumber, CultureInfo.InvariantCulture), Before(record.OldImage)))]);

    private static (long Version, DateTimeOffset UpdatedAt)? Before(ReadOnlyMemory<byte> image) =>
        !image.IsEmpty && OrderItem.TryRead(image.Span, out var before, out _) ? (before.Version, before.UpdatedAt) : null;
}
