using System.Buffers.Binary;
using System.Text;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// The fields of a protobuf message, in the order in which they were written
/// (https://protobuf.dev/programming-guides/encoding/).
/// </summary>
internal static class Protobuf
{
    /// <summary>
    /// A field: <paramref name="Number"/> for an integer or a fixed number, <paramref name="Bytes"/> for a
    /// text, bytes or a message.
    /// </summary>
    internal readonly record struct Field(int Id, ulong Number, ReadOnlyMemory<byte> Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes.Span);

        public string Hex => Convert.ToHexStringLower(Bytes.Span);
    }

    public static IEnumerable<Field> Read(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var key = Varint(ref message);
            var id = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new(id, Varint(ref message), default);
                    break;
                case 1:
                    yield return new(id, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8).Span), default);
                    break;
                case 2:
                    yield return new(id, 0, Take(ref message, (int)Varint(ref message)));
                    break;
                case 5:
                    yield return new(id, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4).Span), default);
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {key & 7}.");
            }
        }
    }

    public static IEnumerable<Field> Read(ReadOnlyMemory<byte> message, int id) => Read(message).Where(field => field.Id == id);

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, int length)
    {
        var taken = message[..length];
        message = message[length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref message, 1).Span[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
