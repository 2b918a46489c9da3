using System.Text.Json;
using Orders.Bench.Stores;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Bench.Apply;

/// <summary>
/// A stream's changes as GetRecords returns them, byte for byte: 70 in 100 are new orders, 25 a later status
/// of an existing one, 5 deletions.
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

    /// <summary>Raw responses of GetRecords. The iterator of the next page is its number.</summary>
    public IReadOnlyList<byte[]> Pages => _pages;

    /// <summary>The average number of bytes of a rendered order, as Redis stores it.</summary>
    public int RenderedBytes { get; private set; }

    /// <param name="changes">The number of changes; a multiple of <see cref="PageRecords"/>.</param>
    /// <param name="lines">Lines in each order.</param>
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

    /// <summary>Creates a response of GetRecords.</summary>
    /// <param name="next">The number of the next page.</param>
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

    // An order in its final status is written once more unchanged, which still makes a new version.
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

        // As long as real sequence numbers of the service.
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
