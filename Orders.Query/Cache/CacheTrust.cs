using System.Globalization;
using System.Text;
using Npgsql;
using Orders.Domain.Cache;
using Orders.Query.Reading;
using Orders.ServiceDefaults.Stores;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Query.Cache;

/// <summary>
/// Decides whether orders from Redis may be served. Writers announce every change in Redis before they
/// commit it, so that Redis never has an older version than Postgres. A writer that cannot do so stores a
/// suspension in Postgres first, and waits until the trust of every reader has expired. So trust lasts for a
/// short time only, from the beginning of each check, by this process's monotonic clock: a reader that was
/// frozen has no trust when it resumes. The protocol is in docs/cache.md.
/// </summary>
internal sealed class CacheTrust(IRedis redis, Func<CancellationToken, Task<CacheAgreement?>> ask, TimeProvider time) : BackgroundService
{
    private const string Sql =
        """
        SELECT (SELECT identity FROM sync.cache_identity),
               EXISTS (SELECT FROM sync.cache_suspensions),
               ARRAY (SELECT owner FROM sync.instances WHERE alive_until >= clock_timestamp()),
               sync.cache_scope(),
               pg_snapshot_xmax(pg_current_snapshot())
        """;

    // Less than the trust lasts: if Postgres does not answer, there is time to check the writers' heartbeats
    // in Redis.
    private static readonly TimeSpan PostgresLimit = TimeSpan.FromMilliseconds(600);

    // The limit if Postgres did not answer the last check either, so that checks keep the pace of
    // heartbeats.
    private static readonly TimeSpan SilentPostgresLimit = TimeSpan.FromMilliseconds(200);

    private readonly WriterBeats _beats = new(time);
    private volatile CacheGrant? _grant;
    private volatile CacheAgreement? _agreed;
    private Task<CacheAgreement?>? _asking;
    private long _askedAt;
    private ulong _seenAtAsking;
    private bool _isSilent;

    /// <summary>Makes one that reads a database.</summary>
    public CacheTrust(IRedis redis, NpgsqlDataSource database, TimeProvider time)
        : this(redis, cancellationToken => ReadAsync(database, time, cancellationToken), time)
    {
    }

    /// <summary>Whether Redis may be read now.</summary>
    public bool IsTrusted => Current is not null;

    /// <summary>
    /// The permission to read Redis now; null for none. Free to read: it is checked in the background.
    /// </summary>
    /// <remarks>
    /// What was found out about a connection says nothing about the next one: a server may be gone and back,
    /// with older data, between two looks.
    /// </remarks>
    public CacheGrant? Current =>
        _grant is { } grant && redis.IsConnected && grant.Interruptions == redis.Interruptions && time.GetTimestamp() < grant.Until ? grant : null;

    /// <summary>
    /// The names of the read model in Redis, as Postgres last said; null before it did. Not a permission.
    /// </summary>
    public CacheKeys? Keys => _agreed?.Keys;

    /// <summary>Checks now.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        // Only Postgres knows under which names the read model is in Redis.
        var keys = Keys ?? (await AskPostgresAsync(lastSeen: 0, cancellationToken))?.Keys;
        var (interruptions, started) = (redis.Interruptions, time.GetTimestamp());
        var found = keys is null ? null : await FindAsync(keys, started, cancellationToken);
        if (found is null && redis.IsConnected)
        {
            // The read model may have other names by now.
            await AskPostgresAsync(lastSeen: 0, cancellationToken);
        }

        var until = found is null ? null : await TrustedUntilAsync(found, started, cancellationToken);
        _grant = until is { } end && CacheIdentity.Parse(found!.Identity) is { } identity
            ? new CacheGrant(keys!, Encoding.UTF8.GetBytes(identity.Filling), end, interruptions)
            : null;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>Checks repeatedly until it is stopped.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(OrderCache.BeatInterval, time);
        do
        {
            await CheckAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// What Redis says; null when it is unavailable, or its data is from before its last start.
    /// </summary>
    private async Task<FoundCache?> FindAsync(CacheKeys keys, long started, CancellationToken cancellationToken)
    {
        if (redis.Database is not { } cache)
        {
            return null;
        }

        try
        {
            var (identity, last, writers, server) =
                (cache.StringGetAsync(keys.Identity), cache.StringGetAsync(keys.LastTransaction), cache.HashGetAllAsync(keys.Writers), cache.IdentityAsync());
            await Task.WhenAll(identity, last, writers, server).WaitAsync(OrderCache.TrustLifetime, time, cancellationToken);
            _beats.Heard(await writers, started);
            var text = (string?)await identity;
            return CacheIdentity.Parse(text) is { } found && found.Scope == keys.Scope && found.Server == await server
                ? new FoundCache(keys, text!, ulong.TryParse((string?)await last, NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0)
                : null;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Until when Redis may be read: according to Postgres or, when it does not answer, to the writers'
    /// heartbeats in Redis. Null when it may not.
    /// </summary>
    private async Task<long?> TrustedUntilAsync(FoundCache found, long started, CancellationToken cancellationToken)
    {
        if (await AskPostgresAsync(found.LastTransaction, cancellationToken) is { } agreement)
        {
            // The question may be from an earlier check: the answer is as of that time. A database that is
            // before what was seen of it was restored from a backup.
            return agreement.Allows(found) && agreement.NextTransaction >= _seenAtAsking
                ? Math.Min(started, _askedAt) + (long)(OrderCache.TrustLifetime.TotalSeconds * time.TimestampFrequency)
                : null;
        }

        return _agreed is { } before && before.Allows(found) ? _beats.HeardUntil(before.Writers) : null;
    }

    /// <summary>
    /// The answer of Postgres; null when it does not come in time. There is never more than one open
    /// question.
    /// </summary>
    private async Task<CacheAgreement?> AskPostgresAsync(ulong lastSeen, CancellationToken cancellationToken)
    {
        if (_asking is null or { IsCompleted: true })
        {
            // An answer that came between two checks is too old to use, but proves that Postgres answers.
            _isSilent &= _asking is not { IsCompletedSuccessfully: true } || await _asking is null;
            (_askedAt, _seenAtAsking) = (time.GetTimestamp(), lastSeen);
            _asking = ask(cancellationToken);
        }

        try
        {
            var answer = await _asking.WaitAsync(_isSilent ? SilentPostgresLimit : PostgresLimit, time, cancellationToken);
            _isSilent = false;
            return answer is null ? null : _agreed = answer;
        }
        catch (TimeoutException)
        {
            _isSilent = true;
            // A late answer is as of the time of its question.
            return null;
        }
    }

    private static async Task<CacheAgreement?> ReadAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await database.LookAsync(AskAsync, ReadModel.LookLimit, time, cancellationToken);
        }
        catch (Exception failure) when (PostgresFaults.IsReplaced(failure))
        {
            // An answer, unlike silence: what Redis has is of a database that is gone.
            return CacheAgreement.NoReadModel;
        }
        catch (Exception failure) when (ReadModelFaults.Explain(failure) is not null)
        {
            return null;
        }
    }

    private static async Task<CacheAgreement?> AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(
            row.IsDBNull(3) ? null : new CacheKeys(row.GetString(3)),
            row.IsDBNull(0) ? null : row.GetString(0),
            row.GetBoolean(1),
            await row.GetFieldValueAsync<string[]>(2, cancellationToken),
            await row.GetFieldValueAsync<ulong>(4, cancellationToken));
    }
}
