using Npgsql;
using Orders.Domain.Cache;
using Orders.Sync.Projection;

namespace Orders.Sync.Cache;

/// <summary>
/// How changes may be committed so that no reader gets an older version from Redis afterwards. Either they
/// are announced there, or nobody trusts Redis and what it then lacks is listed by the same transaction.
/// <see cref="Commands"/> make the commit fail when it is neither any more.
/// </summary>
internal sealed record CacheCommit
{
    private CacheCommit()
    {
    }

    /// <summary>For no changes at all.</summary>
    public static CacheCommit Nothing { get; } = new();

    /// <summary>The ticket of what was announced; null when nothing was.</summary>
    public string? Ticket { get; private init; }

    /// <summary>The identity of the Redis it was announced to.</summary>
    public string? Identity { get; private init; }

    /// <summary>The filling of that Redis; null when nothing was announced.</summary>
    public string? Filling => CacheIdentity.Parse(Identity)?.Filling;

    /// <summary>The instance whose suspension keeps readers away; null where none has to.</summary>
    public string? SuspendedBy { get; private init; }

    /// <summary>Orders that Redis then lacks.</summary>
    public Guid[] Lacking { get; private init; } = [];

    /// <summary>Changes that are announced.</summary>
    public static CacheCommit Announced(string ticket, string identity) => new() { Ticket = ticket, Identity = identity };

    /// <summary>Changes that go past Redis.</summary>
    /// <param name="owner">Whose suspension is settled.</param>
    /// <param name="lacking">The orders to list; none where there is no Redis to be mended.</param>
    public static CacheCommit Past(string owner, Guid[] lacking) => new() { SuspendedBy = owner, Lacking = lacking };

    /// <summary>Whether a commit failed because it is no longer safe. Begun anew it is.</summary>
    public static bool IsRefusal(PostgresException failure) => failure.SqlState is ReadModelSqlStates.CacheIdentityLost or ReadModelSqlStates.CacheNotSuspended;

    /// <summary>
    /// What belongs into the transaction, behind what passes the gate (<see cref="ProjectionGate"/>).
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
