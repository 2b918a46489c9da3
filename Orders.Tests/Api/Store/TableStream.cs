using Amazon.Runtime;
using DynamoStreams.Api;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Engines;

namespace Orders.Tests.Api.Store;

/// <summary>What really happened to a table's orders: the truth that answers are compared with.</summary>
internal static class TableStream
{
    /// <summary>
    /// Every change of an order since the table was made: with the order after it, or before its removal.
    /// </summary>
    public static async Task<List<(StreamEvent Event, Order Order)>> ReadAsync(TestStores stores)
    {
        using var streams = new StreamsClient(new(stores.DynamoDb), "us-east-1", new BasicAWSCredentials("local", "local"), TimeProvider.System);
        var changes = new List<(StreamEvent, Order)>();
        var stream = (await streams.ListStreamsAsync(stores.Table, CancellationToken.None)).Single();
        var shard = (await streams.DescribeStreamAsync(stream.StreamArn, null, null, CancellationToken.None)).Shards.Single();
        var iterator = await streams.GetShardIteratorAsync(stream.StreamArn, shard.ShardId, null, CancellationToken.None);
        while (true)
        {
            using var page = await streams.GetRecordsAsync(iterator, CancellationToken.None);
            foreach (var record in page.Records)
            {
                if (OrderItem.TryRead((record.Event == StreamEvent.Remove ? record.OldImage : record.NewImage).Span, out var order, out _))
                {
                    changes.Add((record.Event, order));
                }
            }

            // Nobody writes any more: the embedded engine hands out all there is.
            if (page.Records.Count == 0)
            {
                return changes;
            }

            iterator = page.NextShardIterator!;
        }
    }
}
