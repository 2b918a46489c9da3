namespace Orders.Domain.Cache;

/// <summary>
/// Orders in Redis: the contract between the one who writes after every change and the ones who read and refill.
/// <c>order:{id}</c> is a hash of <see cref="VersionField"/>, <see cref="MerchantField"/> and <see cref="BodyField"/>; without a body it
/// is a tombstone: the order is deleted, and no older version may come back.
/// </summary>
public static class OrderCache
{
    /// <summary>Version: a whole number.</summary>
    public const string VersionField = "v";

    /// <summary>Merchant id: decides who may see the body.</summary>
    public const string MerchantField = "m";

    /// <summary>The rendered JSON; absent in a tombstone.</summary>
    public const string BodyField = "b";

    /// <summary>
    /// Writes each order unless the same or a newer version of it is there. <c>KEYS</c> the orders' keys; <c>ARGV</c> four for each, in their order:
    /// version, merchant, body (empty for a tombstone), seconds to live. Returns how many were written. It is the only way an order gets into Redis.
    /// </summary>
    /// <remarks>
    /// An order that fails, as one whose key holds something else does, keeps no other from being written: the script goes on, and returns the error
    /// at its end. A version that is no number, which no script wrote, is as good as none.
    /// </remarks>
    public const string GuardScript =
        """
        local call = redis.pcall
        local written, failed = 0, nil
        for n = 1, #KEYS do
          local key, version, merchant, body, seconds = KEYS[n], ARGV[4 * n - 3], ARGV[4 * n - 2], ARGV[4 * n - 1], ARGV[4 * n]
          local answer = call('HGET', key, 'v')
          local have = tonumber(answer)
          if type(answer) ~= 'table' and not (have and have >= tonumber(version)) then
            if body == '' then
              call('DEL', key)
              answer = call('HSET', key, 'v', version, 'm', merchant)
            else
              answer = call('HSET', key, 'v', version, 'm', merchant, 'b', body)
            end
            if type(answer) ~= 'table' then
              call('EXPIRE', key, seconds)
              written = written + 1
            end
          end
          if type(answer) == 'table' then
            failed = answer
          end
        end
        return failed or written
        """;

    /// <summary>The channel on which a message follows every change, and the stream that keeps the last of them.</summary>
    public const string Changes = "orders:changes";

    /// <summary>
    /// Set while the writer vouches for what is in Redis: that it lacks no change which Postgres has. Holds the server's run id, so that a server
    /// that came back with older data is not taken for the one vouched for; lives <see cref="VouchLifetime"/> and is renewed. Readers pass Redis
    /// over while it is missing.
    /// </summary>
    public const string Vouched = "orders:vouched";

    /// <summary>The run id of the server whose orders were all written since it started; on another, they are removed before it is vouched for.</summary>
    public const string Purged = "orders:purged";

    /// <summary>What the keys of all orders match.</summary>
    public const string KeyPattern = "order:*";

    /// <summary>How long readers trust Redis after the writer was last heard of.</summary>
    public static readonly TimeSpan VouchLifetime = TimeSpan.FromSeconds(5);

    /// <summary>How long a written order stays: a bound on memory, and on how long a fault could be seen.</summary>
    public static readonly TimeSpan OrderLifetime = TimeSpan.FromHours(24);

    /// <summary>How long a tombstone stays: far longer than any reader holds a row that it read before the deletion.</summary>
    public static readonly TimeSpan TombstoneLifetime = TimeSpan.FromHours(1);

    /// <summary>The key of an order.</summary>
    /// <param name="orderId">The order.</param>
    public static string Key(Guid orderId) => $"order:{orderId:D}";
}
