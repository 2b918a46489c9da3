using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using DynamoStreams.Api;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Tests.Sync;

/// <summary>Records as the service sends them, made from orders.</summary>
internal static class StreamRecords
{
    private static int _lastSequence;

    public static StreamRecord Insert(Order order) => Record(StreamEvent.Insert, order, null, order);

    public static StreamRecord Modify(Order before, Order after) => Record(StreamEvent.Modify, after, before, after);

    public static StreamRecord Remove(Order last) => Record(StreamEvent.Remove, last, last, null);

    /// <summary>A record with any image.</summary>
    public static StreamRecord Raw(StreamEvent what, string key, string? newImage, string? oldImage = null)
    {
        var sequence = Interlocked.Increment(ref _lastSequence).ToString();
        var images = $"{(newImage is null ? "" : $",\"NewImage\":{newImage}")}{(oldImage is null ? "" : $",\"OldImage\":{oldImage}")}";
        return StreamRecord.Parse(Encoding.UTF8.GetBytes(
            $$$"""
            {"eventID":"e{{{sequence}}}","eventName":"{{{what.ToString().ToUpperInvariant()}}}","dynamodb":{"ApproximateCreationDateTime":0,
            "Keys":{"pk":{"S":{{{JsonSerializer.Serialize(key)}}}},"sk":{"S":"ORDER"}},"SequenceNumber":"{{{sequence}}}"{{{images}}}}}
            """));
    }

    /// <summary>An order's item as DynamoDB JSON.</summary>
    public static string Image(Order order) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(Map(OrderItem.From(order))));

    private static StreamRecord Record(StreamEvent what, Order order, Order? before, Order? after) =>
        Raw(what, OrderItem.PartitionKey(order.OrderId), after is null ? null : Image(after), before is null ? null : Image(before));

    private static Dictionary<string, object> Map(Dictionary<string, AttributeValue> map) => map.ToDictionary(entry => entry.Key, entry => Typed(entry.Value));

    private static object Typed(AttributeValue value) =>
        value.S is not null ? new { value.S }
        : value.N is not null ? new { value.N }
        : value.M is not null ? new { M = Map(value.M) }
        : new { L = value.L.Select(Typed).ToArray() };
}
