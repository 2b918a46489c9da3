using System.Globalization;
using System.Numerics;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;
using Orders.Tests.Domain.Item;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Table;

/// <summary>The table: each write is a record at the end of its item's shard.</summary>
internal sealed class OrderTable(World world) : SimulatedServer("table")
{
    private readonly Dictionary<Guid, ItemState> _items = [];

    // One digit more comes while it runs: numbers, not texts, are in order.
    private BigInteger _sequence = BigInteger.Parse("99999999999999999900", CultureInfo.InvariantCulture);

    public ItemState? Find(Guid orderId) => _items.GetValueOrDefault(orderId);

    /// <summary>Puts an item, whatever is there.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="after">The item; null to delete it.</param>
    /// <param name="by">Who does it.</param>
    public void Write(Guid orderId, ItemState? after, string by)
    {
        var before = Find(orderId);
        if (before == after)
        {
            return;
        }

        if (after is null)
        {
            _items.Remove(orderId);
        }
        else
        {
            _items[orderId] = after;
        }

        _sequence += world.Random.Next(1, 9);
        var what = before is null ? "INSERT" : after is null ? "REMOVE" : "MODIFY";
        var shard = world.Stream.ShardOf(orderId);
        shard.Add(_sequence, world.Now, Render(what, orderId, before, after));
        world.Auditor.Table.Wrote(orderId, after?.Order, _sequence, by);
        world.Log.Add("table", $"{what} {Short(orderId)} {(after ?? before)!.Order.Version} {after?.Order.Amount} as {_sequence} in {shard.ShardId} by {by}");
    }

    /// <summary>An order's id, short enough to be read.</summary>
    public static string Short(Guid orderId) => orderId.ToString("N")[^4..];

    /// <summary>An item as the SDK has it.</summary>
    public static Dictionary<string, AttributeValue> Attributes(ItemState state)
    {
        var item = OrderItem.From(state.Order);
        if (state.Marks is not null)
        {
            item[OrderAttributes.WriteIds] = new AttributeValue { S = state.Marks };
        }

        return item;
    }

    private byte[] Render(string what, Guid orderId, ItemState? before, ItemState? after)
    {
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $$$"""{"eventID":"e{{{_sequence}}}","eventName":"{{{what}}}","dynamodb":{"ApproximateCreationDateTime":""");
        json.Append(CultureInfo.InvariantCulture, $$$"""{{{(World.Epoch + world.Now).ToUnixTimeSeconds()}}},"Keys":{{{Utf8(OrderItem.Key(orderId))}}},"SequenceNumber":"{{{_sequence}}}" """);
        if (before is not null)
        {
            json.Append(",\"OldImage\":").Append(Utf8(Attributes(before)));
        }

        if (after is not null)
        {
            json.Append(",\"NewImage\":").Append(Utf8(Attributes(after)));
        }

        return Encoding.UTF8.GetBytes(json.Append("}}").ToString());
    }

    private static string Utf8(Dictionary<string, AttributeValue> item) => Encoding.UTF8.GetString(DynamoJson.Write(item));
}
