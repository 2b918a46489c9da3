using System.Text;

namespace Orders.Tests.Simulation.Table;

/// <summary>An answer of the Streams API as it comes over the wire.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Json">The body.</param>
internal readonly record struct StreamAnswer(int Status, byte[] Json)
{
    public static StreamAnswer Of(string json) => new(200, Encoding.UTF8.GetBytes(json));

    public static StreamAnswer Error(string type) => new(400, Encoding.UTF8.GetBytes($$$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{{type}}}","message":"simulated"}"""));

    public static StreamAnswer Page(IEnumerable<byte[]> records, string? next)
    {
        var json = new MemoryStream();
        json.Write("{\"Records\":["u8);
        var separator = ReadOnlySpan<byte>.Empty;
        foreach (var record in records)
        {
            json.Write(separator);
            json.Write(record);
            separator = ","u8;
        }

        json.Write("]"u8);
        if (next is not null)
        {
            json.Write(Encoding.UTF8.GetBytes($",\"NextShardIterator\":\"{next}\""));
        }

        json.Write("}"u8);
        return new(200, json.ToArray());
    }
}
