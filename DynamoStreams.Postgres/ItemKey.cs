using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DynamoStreams.Postgres;

/// <summary>
/// An item's primary key as one text, <c>pk=…|sk=…</c>: the members of a record's Keys come in any order.
/// Any key fits a Postgres column and its index: NUL is replaced, and the end of a long key is replaced by a
/// hash. If two keys had the same text, their records would only wait for each other without need.
/// </summary>
public static class ItemKey
{
    // An index row of Postgres holds 2 704 bytes; a character may take three. A DynamoDB key has up to 2 048
    // + 1 024 bytes.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    private const int Longest = 600;
    private const int Kept = 500;

    /// <summary>Makes it.</summary>
    /// <param name="keys">A record's Keys: <c>{"pk":{"S":"…"},"sk":{"S":"…"}}</c>.</param>
    public static string Of(ReadOnlyMemory<byte> keys) => Storable(Read(keys.Span));

    /// <summary>Makes it from a table's string keys.</summary>
    /// <param name="partition">The partition key's name and value.</param>
    /// <param name="sort">The sort key's; null for a table that has none.</param>
    public static string Of((string Name, string Value) partition, (string Name, string Value)? sort = null) => Storable(Join(partition, sort));

    private static string Read(ReadOnlySpan<byte> keys)
    {
        try
        {
            var reader = new Utf8JsonReader(keys);
            _ = reader.Read();
            if (!TryReadPart(ref reader, out var first))
            {
                return "";
            }

            // A table has one key attribute or two.
            return Join(first, TryReadPart(ref reader, out var second) ? second : null);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(keys);
        }
    }

    private static bool TryReadPart(ref Utf8JsonReader reader, out (string Name, string Value) part)
    {
        part = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        var name = reader.GetString()!;

        // The value is an object with one member: the type, and the value as text.
        _ = reader.Read() && reader.Read() && reader.Read();
        part = (name, reader.GetString() ?? "");
        return reader.Read();
    }

    private static string Join((string Name, string Value) one, (string Name, string Value)? other)
    {
        if (other is not { } two)
        {
            return $"{one.Name}={one.Value}";
        }

        var (first, second) = string.CompareOrdinal(one.Name, two.Name) <= 0 ? (one, two) : (two, one);
        return $"{first.Name}={first.Value}|{second.Name}={second.Value}";
    }

    private static string Storable(string key)
    {
        if (key.Length > Longest)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
            key = $"{key.AsSpan(0, char.IsHighSurrogate(key[Kept - 1]) ? Kept - 1 : Kept)}…{hash}";
        }

        return StorableText.From(key);
    }
}
