namespace Orders.Domain.Cache;

/// <summary>
/// Orders in Redis: the contract between Orders.Sync, which writes every change, and Orders.Query, which
/// reads and refills. The keys are those of <see cref="CacheKeys"/>. An order is a hash of
/// <see cref="VersionField"/>, <see cref="MerchantField"/> and <see cref="BodyField"/>; without a body it is
/// a tombstone: the order is deleted. An entry with a <see cref="TicketField"/> holds no order yet (see
/// <see cref="CacheScripts"/>). The protocol is in docs/cache.md.
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
    /// The ticket: identifies the writer or reader that may put an order into the entry, either a change
    /// during its commit, or a reader that reads Postgres.
    /// </summary>
    public const string TicketField = "t";

    /// <summary>
    /// The prefix of tickets of changes from outside the stream: a read of the table, a snapshot or a
    /// redrive. They may be committed before or after any change that is announced at the same time.
    /// </summary>
    public const string BesideTheStream = "+";

    /// <summary>
    /// The filling (<see cref="CacheIdentity.Filling"/>) for which the entry was written. A reader of
    /// another filling ignores it: its writer was late.
    /// </summary>
    public const string FillingField = "f";

    /// <summary>The interval of the writers' heartbeats and of the readers' checks.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the last heartbeat of a writer is kept.</summary>
    public static readonly TimeSpan BeatLifetime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a reader trusts Redis after the beginning of a successful check, by its own monotonic clock.
    /// </summary>
    public static readonly TimeSpan TrustLifetime = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// How long a writer that cannot announce changes waits, after the commit of its suspension, before it
    /// commits the first change: longer than the trust of any reader.
    /// </summary>
    public static readonly TimeSpan SuspensionDelay = TimeSpan.FromSeconds(2);

    /// <summary>How long a written order stays: a bound on memory.</summary>
    public static readonly TimeSpan OrderLifetime = TimeSpan.FromHours(24);

    /// <summary>How long a tombstone stays: it saves reads of Postgres.</summary>
    public static readonly TimeSpan TombstoneLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// How long an announcement hides the entry from readers, unless it is completed earlier.
    /// </summary>
    public static readonly TimeSpan AnnouncementLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long an order stays that a reader put there: it may never be read again.</summary>
    public static readonly TimeSpan FillLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the marks of a read model outlive its last Orders.Sync: longer than any order.
    /// </summary>
    public static readonly TimeSpan MarkLifetime = TimeSpan.FromDays(7);

    /// <summary>How long a reader's ticket is valid: the time to read Postgres and fill the entry.</summary>
    public static readonly TimeSpan FillTime = TimeSpan.FromSeconds(5);
}
