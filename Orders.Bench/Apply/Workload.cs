using System.Text.Json;
using Orders.Bench.Stores;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Bench.Apply;

/// <summary>
/// A stream's changes as GetRecords answers them, byte by byte: 70 in 100 are new orders, 25 a further
/// status of one that is there, 5 deletions.
/// </summary>
internal sealed class Workload
{
    public const int PageRecords = 1000;
    private const int NewIn100 = 70;
    private const int UpdatedIn100 = 25;

    private readonly List<byte[]> _pages = [];

    private Workload()
    {
    }

    /// <summary>Raw answers of GetRecords. The iterator of the next page is its number.</summary>
    public IReadOnlyList<byte[]> Pages => _pages;

    /// <summary>Bytes of the rendered orders on average: what Redis holds of one.</summary>
    public int RenderedBytes { get; private set; }

    /// <param name="changes">How many; a multiple of <see cref="PageRecords"/>.</param>
    /// <param name="lines">Lines in an order.</param>
    public static Workload Make(int changes, int lines = 3)
    {
        var workload = new Workload();
        var source = new OrderSource(lines);
        var live = new List<Order>(changes);
        for (var page = 0; page < changes / PageRecords; page++)
        {
            var before = page * PageRecords;
            workload._pages.Add(Page(page + 1, (writer, i) => WriteChange(writer, before + i, source, live, changes)));
        }

        workload.RenderedBytes = OrderJson.Render(live[0]).Length;
        return workload;
    }

    /// <summary>Makes an answer of GetRecords.</summary>
    /// <param name="next">The place of the page after it.</param>
    /// <param name="write">Writes a record, from 1 to <see cref="PageRecords"/>.</param>
    public static byte[] Page(int next, Action<Utf8JsonWriter, int> write)
    {
        using var bytes = new MemoryStream(1 << 21);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("Records");
            for (var i = 1; i <= PageRecords; i++)
            {
                write(writer, i);
            }

            writer.WriteEndArray();
            writer.WriteString("NextShardIterator", next.ToString());
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteChange(Utf8JsonWriter writer, int sequence, OrderSource source, List<Order> live, int changes)
    {
        var kind = source.Next(100);
        if (kind < NewIn100 || live.Count == 0)
        {
            var placed = source.Place(changes);
            live.Add(placed);
            Write(writer, sequence, "INSERT", before: null, placed);
            return;
        }

        var at = source.Next(live.Count);
        var before = live[at];
        if (kind < NewIn100 + UpdatedIn100)
        {
            live[at] = Step(before);
            Write(writer, sequence, "MODIFY", before, live[at]);
            return;
        }

        live[at] = live[^1];
        live.RemoveAt(live.Count - 1);
        Write(writer, sequence, "REMOVE", before, after: null);
    }

    // Where an order has ended, it is written once more as it is: a new version all the same.
    public static Order Step(Order order) => order with
    {
        Status = order.Status.Next().DefaultIfEmpty(order.Status).First(),
        Version = order.Version + 1,
        UpdatedAt = order.UpdatedAt.AddSeconds(1),
    };

    public static void Write(Utf8JsonWriter writer, int sequence, string what, Order? before, Order? after)
    {
        var order = (after ?? before)!;
        writer.WriteStartObject();
        writer.WriteString("awsRegion", "us-east-1");
        writer.WriteStartObject("dynamodb");
        writer.WriteNumber("ApproximateCreationDateTime", order.UpdatedAt.ToUnixTimeSeconds());
        writer.WritePropertyName("Keys");
        ItemJson.Write(writer, OrderItem.Key(order.OrderId));
        if (after is not null)
        {
            writer.WritePropertyName("NewImage");
            ItemJson.Write(writer, OrderItem.From(after));
        }

        if (before is not null)
        {
            writer.WritePropertyName("OldImage");
            ItemJson.Write(writer, OrderItem.From(before));
        }

        // As long as the service's own.
        writer.WriteString("SequenceNumber", $"1000000000000{sequence:D12}");
        writer.WriteNumber("SizeBytes", 900);
        writer.WriteString("StreamViewType", "NEW_AND_OLD_IMAGES");
        writer.WriteEndObject();
        writer.WriteString("eventID", sequence.ToString("x32"));
        writer.WriteString("eventName", what);
        writer.WriteString("eventSource", "aws:dynamodb");
        writer.WriteString("eventVersion", "1.1");
        writer.WriteEndObject();
    }
}
