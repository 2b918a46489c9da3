namespace Orders.Domain.Cache;

/// <summary>
/// Orders in Redis: the contract between Orders.Sync, which writes every change, and Orders.Query, which
/// reads and refills. <c>order:{id}</c> is a hash of <see cref="VersionField"/>, <see cref="MerchantField"/>
/// and <see cref="BodyField"/>; without a body it is a tombstone: the order is deleted. An entry with a
/// <see cref="TicketField"/> holds no order yet (<see cref="CacheScripts"/> says how it comes to hold one).
/// docs/cache.md has the protocol.
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
    /// Names who may write the order into an entry that holds none: a change that is being committed, or a
    /// reader who asks Postgres.
    /// </summary>
    public const string TicketField = "t";

    /// <summary>
    /// How the ticket of a change begins that the stream does not bring, but a look at the table, a snapshot
    /// or a redrive: it may be committed before or after any change that is announced with it.
    /// </summary>
    public const string BesideTheStream = "+";

    /// <summary>
    /// The filling (<see cref="CacheIdentity.Filling"/>) for which the entry was written. A reader of
    /// another filling passes it over: its writer was late, and may be another read model's. Absent where a
    /// version of before wrote it.
    /// </summary>
    public const string FillingField = "f";

    /// <summary>The channel on which a message follows every change.</summary>
    public const string Changes = "orders:changes";

    /// <summary>
    /// The identity of what is in this Redis: of which read model, on which start of which server. Postgres
    /// has the same in <c>sync.cache_identity</c>; where the two differ, Redis is not read, and Orders.Sync
    /// purges it before it is read again. <see cref="CacheIdentity"/> is its form.
    /// </summary>
    public const string Identity = "orders:purged";

    /// <summary>
    /// A hash with a field for each Orders.Sync that announces its changes here before it commits them, and
    /// a number that rises with every beat. It lives <see cref="BeatLifetime"/>.
    /// </summary>
    public const string Writers = "orders:writers";

    /// <summary>What the keys of all orders match.</summary>
    public const string KeyPattern = "order:*";

    /// <summary>How often writers beat and readers look.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the last beat of a writer is there.</summary>
    public static readonly TimeSpan BeatLifetime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a reader trusts Redis after it began to look whether it may, by its own steady clock.
    /// </summary>
    public static readonly TimeSpan TrustLifetime = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// How long a writer that cannot announce changes waits before it commits the first of them: longer than
    /// any reader's trust lasts once the suspension is committed.
    /// </summary>
    public static readonly TimeSpan SuspensionDelay = TimeSpan.FromSeconds(2);

    /// <summary>How long a written order stays: a bound on memory.</summary>
    public static readonly TimeSpan OrderLifetime = TimeSpan.FromHours(24);

    /// <summary>How long a tombstone stays: it spares Postgres questions.</summary>
    public static readonly TimeSpan TombstoneLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// How long an announced change keeps readers from the entry: until it is completed, or for this long.
    /// </summary>
    public static readonly TimeSpan AnnouncementLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long an order that a reader put there stays: it was asked for once, and may never be again.
    /// </summary>
    public static readonly TimeSpan FillLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long a reader has to bring what it asked Postgres for.</summary>
    public static readonly TimeSpan FillTime = TimeSpan.FromSeconds(5);

    /// <summary>The key of an order.</summary>
    /// <param name="orderId">The order.</param>
    public static string Key(Guid orderId) => $"order:{orderId:D}";
}
