using System.Text.Json.Nodes;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Progress;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync.DeadLetters;

namespace Orders.Tests.Sync.DeadLetters;

/// <summary>
/// The projection behind its bisecting, as in the service, and what dead letters there are. A record that
/// Postgres refuses is made by a constraint that a test adds, and mended by dropping it.
/// </summary>
internal sealed class DeadLetterBench(ProjectionFixture fixture, ProjectionFixture.Parts parts) : IAsyncDisposable
{
    private readonly BisectingApplier _applier = new(parts.Handler, new PollingOptions(), new ConsumerProgress(), TimeProvider.System, NullLogger.Instance);

    public static DeadLetterBench Create(ProjectionFixture fixture) => new(fixture, fixture.Build());

    public DeadLetterRedrive Redrive => parts.App.Services.GetRequiredService<DeadLetterRedrive>();

    public DeadLetterDiscard Discard => parts.App.Services.GetRequiredService<DeadLetterDiscard>();

    public DeadLetterList List => parts.App.Services.GetRequiredService<DeadLetterList>();

    public async Task ApplyAsync(ShardLease lease, params StreamRecord[] records)
    {
        await _applier.ApplyAsync(new ShardBatch(lease, records, EndsShard: false), CancellationToken.None);
        await _applier.SettledAsync(lease);
    }

    public Task<RedriveResult> RedriveAsync(DeadLetterFilter filter) => Redrive.RunAsync(filter, progress: null, CancellationToken.None);

    /// <summary>The letters of an order: <c>failed</c> and <c>waiting</c>, oldest first.</summary>
    public async Task<IReadOnlyList<StoredDeadLetter>> OfAsync(Order order) =>
        (await List.ReadAsync(new(OrderId: $"{order.OrderId}"), after: 0, DeadLetterList.LargestPage, CancellationToken.None)).DeadLetters;

    /// <summary>Makes Postgres refuse orders of this customer.</summary>
    public Task RefuseAsync(string customer) => fixture.ExecuteAsync($"ALTER TABLE orders ADD CONSTRAINT no_{customer} CHECK (customer_id <> '{customer}') NOT VALID");

    public Task AcceptAsync(string customer) => fixture.ExecuteAsync($"ALTER TABLE orders DROP CONSTRAINT no_{customer}");

    /// <summary>
    /// The insert of an order whose item lacks its currency: broken, whatever the database says.
    /// </summary>
    public static StreamRecord Broken(Order order) => Without(OrderAttributes.Currency, order);

    /// <summary>The same of an item that does not say whose it is.</summary>
    public static StreamRecord WithoutMerchant(Order order) => Without(OrderAttributes.MerchantId, order);

    private static StreamRecord Without(string attribute, Order order)
    {
        var image = JsonNode.Parse(StreamRecords.Image(order))!.AsObject();
        image.Remove(attribute);
        return StreamRecords.Raw(StreamEvent.Insert, OrderItem.PartitionKey(order.OrderId), image.ToJsonString());
    }

    public ValueTask DisposeAsync() => parts.DisposeAsync();
}
