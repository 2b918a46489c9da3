using Npgsql;
using Orders.Domain.Cache;
using Orders.Sync.Projection;

namespace Orders.Sync.Cache;

/// <summary>
/// The condition under which changes may be committed, so that no reader gets an older version from Redis
/// afterwards. Either the changes are announced in Redis; or no reader trusts Redis, and the transaction
/// lists the orders to repair there. The <see cref="Commands"/> make the commit fail when neither holds any
/// more.
/// </summary>
internal sealed record CacheCommit
{
    private CacheCommit()
    {
    }

    /// <summary>For no changes at all.</summary>
    public static CacheCommit Nothing { get; } = new();

    /// <summary>The ticket of the announcement; null when nothing was announced.</summary>
    public string? Ticket { get; private init; }

    /// <summary>The identity of the Redis that has the announcement.</summary>
    public string? Identity { get; private init; }

    /// <summary>The filling of that Redis; null when nothing was announced.</summary>
    public string? Filling => CacheIdentity.Parse(Identity)?.Filling;

    /// <summary>The names under which it is announced; null when nothing was.</summary>
    public CacheKeys? Keys => CacheIdentity.Parse(Identity) is { Scope: var scope } ? new(scope) : null;

    /// <summary>
    /// The instance whose suspension stops readers from using Redis; null when none is needed.
    /// </summary>
    public string? SuspendedBy { get; private init; }

    /// <summary>Orders of which Redis will miss a change.</summary>
    public Guid[] Lacking { get; private init; } = [];

    /// <summary>Changes that are announced.</summary>
    public static CacheCommit Announced(string ticket, string identity) => new() { Ticket = ticket, Identity = identity };

    /// <summary>Changes that bypass Redis.</summary>
    /// <param name="owner">The instance whose suspension every reader has seen.</param>
    /// <param name="lacking">The orders to list for repair; none without a Redis.</param>
    public static CacheCommit Past(string owner, Guid[] lacking) => new() { SuspendedBy = owner, Lacking = lacking };

    /// <summary>
    /// Whether a commit failed because its condition no longer holds. A new attempt begins with a new
    /// condition.
    /// </summary>
    public static bool IsRefusal(PostgresException failure) => failure.SqlState is ReadModelSqlStates.CacheIdentityLost or ReadModelSqlStates.CacheNotSuspended;

    /// <summary>
    /// The statements for the transaction, after the one that takes the gate (06_snapshots.sql).
    /// </summary>
    public IEnumerable<NpgsqlBatchCommand> Commands()
    {
        if (Identity is not null)
        {
            yield return new("SELECT sync.check_cache_identity($1)") { Parameters = { new() { Value = Identity } } };
        }

        if (SuspendedBy is not null)
        {
            yield return new("SELECT sync.check_cache_suspended($1)") { Parameters = { new() { Value = SuspendedBy } } };
        }

        if (Lacking.Length > 0)
        {
            yield return new("INSERT INTO sync.cache_repairs (repair_id, order_ids) VALUES ($1, $2)")
            {
                Parameters = { new() { Value = Guid.CreateVersion7() }, new() { Value = Lacking } },
            };
        }
    }
}
