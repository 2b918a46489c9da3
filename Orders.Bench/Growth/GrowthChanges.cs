using System.Text.Json;
using Orders.Bench.Apply;
using Orders.Domain;

namespace Orders.Bench.Growth;

/// <summary>
/// Changes beside orders that are there: 14 in 20 are new, 5 a further status and 1 the deletion of one that was there beforehand, spread over all of
/// them and none twice. That is the worst case: what people do to orders, they mostly do to recent ones.
/// </summary>
internal static class GrowthChanges
{
    public const int UpdatedIn20 = 5;
    public const int DeletedIn20 = 1;

    /// <param name="changes">How many; a multiple of <see cref="Workload.PageRecords"/>.</param>
    /// <param name="updated">Orders to write a further status of.</param>
    /// <param name="deleted">Orders to delete.</param>
    /// <returns>Raw answers of GetRecords, and the ids of the new orders.</returns>
    public static (List<byte[]> Pages, List<Guid> Placed) Make(int changes, IReadOnlyList<Order> updated, IReadOnlyList<Order> deleted)
    {
        var source = new OrderSource(lines: 3);
        var (toUpdate, toDelete, placed) = (new Queue<Order>(updated), new Queue<Order>(deleted), new List<Guid>());
        var pages = new List<byte[]>();
        for (var first = 1; first <= changes; first += Workload.PageRecords)
            pages.Add(Page(first, (pages.Count + 1).ToString(), WriteChange));
        return (pages, placed);

        void WriteChange(Utf8JsonWriter writer, int sequence)
        {
            switch (sequence % 20)
            {
                case < DeletedIn20:
                    Workload.Write(writer, sequence, "REMOVE", toDelete.Dequeue(), after: null);
                    break;
                case < DeletedIn20 + UpdatedIn20:
                    var before = toUpdate.Dequeue();
                    Workload.Write(writer, sequence, "MODIFY", before, Workload.Step(before));
                    break;
                default:
                    var order = source.Place(changes);
                    placed.Add(order.OrderId);
                    Workload.Write(writer, sequence, "INSERT", before: null, order);
                    break;
            }
        }
    }

    private static byte[] Page(int first, string nextIterator, Action<Utf8JsonWriter, int> write)
    {
        using var bytes = new MemoryStream(1 << 21);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("Records");
            for (var i = 0; i < Workload.PageRecords; i++)
                write(writer, first + i);
            writer.WriteEndArray();
            writer.WriteString("NextShardIterator", nextIterator);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
