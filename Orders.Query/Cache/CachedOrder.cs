using System.Buffers.Text;
using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;

namespace Orders.Query.Cache;

/// <summary>An order in Redis: rendered, not parsed. Without a body it is a tombstone.</summary>
/// <param name="Version">The version that the body shows; of a tombstone, the version of the
/// deletion.</param>
/// <param name="Merchant">The merchant; converted to text only for callers restricted to some
/// merchants.</param>
/// <param name="Body">The rendered JSON, null for a tombstone.</param>
internal readonly record struct CachedOrder(long Version, RedisValue Merchant, byte[]? Body)
{
    /// <summary>The fields to read, in the order of <see cref="Read"/>.</summary>
    public static readonly RedisValue[] Fields = [OrderCache.VersionField, OrderCache.MerchantField, OrderCache.BodyField, OrderCache.FillingField];

    /// <summary>
    /// Reads an entry. Null when there is none, and for an entry that our scripts did not write.
    /// </summary>
    /// <param name="answer">The values of <see cref="Fields"/>.</param>
    /// <param name="filling">The filling that the reader trusts; an entry of another filling is a
    /// miss.</param>
    public static CachedOrder? Read(RedisAnswer<RedisValue[]> answer, RedisValue filling)
    {
        if (answer.Value is not [{ IsNull: false } version, { IsNullOrEmpty: false } merchant, var body, var writtenFor] || writtenFor != filling)
        {
            return null;
        }

        var digits = (byte[]?)version;
        return Utf8Parser.TryParse(digits, out long number, out var consumed) && consumed == digits!.Length && number > 0
            ? new(number, merchant, body.IsNullOrEmpty ? null : (byte[]?)body)
            : null;
    }
}
