using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Orders.Query.Rows;

namespace Orders.Query.Lists;

/// <summary>
/// Cursors: a position in one list, signed (HMAC), so that a forged, damaged or foreign cursor is detected.
/// A cursor grants nothing, since filters and merchants are applied to every page.
/// </summary>
internal sealed class CursorSeal(byte[] key)
{
    private const string Damaged = "is not a cursor of this service, or is damaged. Leave it out for the first page.";
    private const string OfAnotherList = "belongs to a list with other filters. Keep the filters of its page, or leave it out for the first page.";

    // Layout: a format number, the list, the time in microseconds since 1970, the order, and the signature
    // over all of these. 48 bytes are exactly 64 characters, so there are no spare bits that could be
    // changed unnoticed.
    private const byte Format = 1;
    private const int ListAt = 1;
    private const int ListBytes = 8;
    private const int TimeAt = ListAt + ListBytes;
    private const int OrderAt = TimeAt + sizeof(long);
    private const int SealAt = OrderAt + 16;
    private const int Length = 48;
    private const int Characters = Length / 3 * 4;

    /// <summary>Makes the cursor of the page that begins after an order.</summary>
    /// <param name="after">The last order of this page.</param>
    /// <param name="filter">The list.</param>
    public string Close(Keyset after, OrderFilter filter)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Format;
        Identify(filter, bytes.Slice(ListAt, ListBytes));
        BinaryPrimitives.WriteInt64BigEndian(bytes[TimeAt..], (after.PlacedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        after.OrderId.TryWriteBytes(bytes[OrderAt..], bigEndian: true, out _);
        Seal(bytes[..SealAt], bytes[SealAt..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor.</summary>
    /// <returns>What is wrong with it, as the rest of a sentence that begins with its name; null for a valid
    /// cursor.</returns>
    public string? Open(string cursor, OrderFilter filter, out Keyset after)
    {
        after = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (cursor.Length != Characters || Base64Url.DecodeFromChars(cursor, bytes, out _, out var written) != OperationStatus.Done || written != Length)
        {
            return Damaged;
        }

        Span<byte> seal = stackalloc byte[Length - SealAt];
        Seal(bytes[..SealAt], seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes[SealAt..]) || bytes[0] != Format)
        {
            return Damaged;
        }

        Span<byte> list = stackalloc byte[ListBytes];
        Identify(filter, list);
        if (!list.SequenceEqual(bytes.Slice(ListAt, ListBytes)))
        {
            return OfAnotherList;
        }

        var microseconds = BinaryPrimitives.ReadInt64BigEndian(bytes[TimeAt..]);
        after = new(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), new Guid(bytes.Slice(OrderAt, 16), bigEndian: true));
        return null;
    }

    private void Seal(ReadOnlySpan<byte> content, Span<byte> seal)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, content, mac);
        mac[..seal.Length].CopyTo(seal);
    }

    private static void Identify(OrderFilter filter, Span<byte> list)
    {
        var merchants = filter.Merchants is null ? "*" : string.Join(',', filter.Merchants);
        var text = $"{merchants}\n{filter.CustomerId}\n{filter.Status}\n{filter.Currency}\n{filter.From?.UtcTicks}\n{filter.To?.UtcTicks}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        hash[..list.Length].CopyTo(list);
    }
}
