using System.Text;
using Npgsql;
using Orders.Domain.Cache;
using Orders.Query.Reading;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Query.Cache;

/// <summary>
/// Whether what is in Redis may be served. Writers announce every change there before they commit it, so
/// that it never has an older version than Postgres; one that cannot says so in Postgres first, and waits
/// until the trust of every reader has run out. So trust is granted for a short time only, from the
/// beginning of each look on, by this process' steady clock: a reader that was frozen has none when it
/// wakes. docs/cache.md has the protocol.
/// </summary>
internal sealed class CacheTrust(IRedis redis, Func<CancellationToken, Task<CacheAgreement?>> ask, TimeProvider time) : BackgroundService
{
    private const string Sql =
        """
        SELECT (SELECT identity FROM sync.cache_identity),
               EXISTS (SELECT FROM sync.cache_suspensions),
               ARRAY (SELECT owner FROM sync.instances WHERE alive_until >= clock_timestamp())
        """;

    // Less than the trust lasts: while Postgres does not answer, its writers are asked for in Redis.
    private static readonly TimeSpan PostgresLimit = TimeSpan.FromMilliseconds(600);

    // Where it was silent at the look before, so that looks follow each other as beats do.
    private static readonly TimeSpan SilentPostgresLimit = TimeSpan.FromMilliseconds(200);

    private readonly WriterBeats _beats = new(time);
    private volatile Grant? _grant;
    private volatile CacheAgreement? _agreed;
    private Task<CacheAgreement?>? _asking;
    private long _askedAt;
    private bool _isSilent;

    /// <summary>Makes one that asks a database.</summary>
    public CacheTrust(IRedis redis, NpgsqlDataSource database, TimeProvider time)
        : this(redis, cancellationToken => ReadAsync(database, time, cancellationToken), time)
    {
    }

    /// <summary>Costs nothing to ask: it is found out in the background.</summary>
    /// <remarks>
    /// What was found out about a connection says nothing about the next one: a server may be gone and back,
    /// with older data, between two looks.
    /// </remarks>
    public bool IsTrusted => Valid is not null;

    private Grant? Valid => _grant is { } grant && redis.IsConnected && grant.Interruptions == redis.Interruptions && time.GetTimestamp() < grant.Until ? grant : null;

    /// <summary>The filling of Redis that may be read now.</summary>
    /// <returns>Whether any may be: <see cref="IsTrusted"/>.</returns>
    public bool TryGetFilling(out RedisValue filling)
    {
        // Of one grant: the next may be for another filling.
        var grant = Valid;
        filling = grant?.Filling ?? RedisValue.Null;
        return grant is not null;
    }

    /// <summary>Looks now.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var (interruptions, started) = (redis.Interruptions, time.GetTimestamp());
        var found = await FindIdentityAsync(started, cancellationToken);
        var until = found is null ? null : await TrustedUntilAsync(found, started, cancellationToken);
        _grant = until is { } end && CacheIdentity.Parse(found) is { } identity ? new Grant(interruptions, end, Encoding.UTF8.GetBytes(identity.Filling)) : null;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>Looks again and again until it is stopped.</summary>
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
    /// The identity of what is in Redis; null when it is away, or has data from before this start of it.
    /// </summary>
    private async Task<string?> FindIdentityAsync(long started, CancellationToken cancellationToken)
    {
        if (redis.Database is not { } cache)
        {
            return null;
        }

        try
        {
            var (identity, writers, server) = (cache.StringGetAsync(OrderCache.Identity), cache.HashGetAllAsync(OrderCache.Writers), cache.IdentityAsync());
            await Task.WhenAll(identity, writers, server).WaitAsync(OrderCache.TrustLifetime, time, cancellationToken);
            _beats.Heard(await writers, started);
            var text = (string?)await identity;
            return CacheIdentity.Parse(text) is { } found && found.Server == await server ? text : null;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Up to when Redis may be read, as Postgres says; or, when it does not answer, as its writers say in
    /// Redis. Null when it may not.
    /// </summary>
    private async Task<long?> TrustedUntilAsync(string identity, long started, CancellationToken cancellationToken)
    {
        if (await AskPostgresAsync(cancellationToken) is { } agreement)
        {
            // It may have been asked by an earlier look: what it says was so then.
            return agreement.Allows(identity) ? Math.Min(started, _askedAt) + (long)(OrderCache.TrustLifetime.TotalSeconds * time.TimestampFrequency) : null;
        }

        return _agreed is { } before && before.Allows(identity) ? _beats.HeardUntil(before.Writers) : null;
    }

    /// <summary>
    /// What Postgres says; null when it does not answer in time. Then it is asked again, but not twice at
    /// once.
    /// </summary>
    private async Task<CacheAgreement?> AskPostgresAsync(CancellationToken cancellationToken)
    {
        if (_asking is null or { IsCompleted: true })
        {
            // An answer that came between two looks is too old to go by, and says that Postgres answers.
            _isSilent &= _asking is not { IsCompletedSuccessfully: true } || await _asking is null;
            _askedAt = time.GetTimestamp();
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
            // An answer that comes late says what was so when it was asked for.
            return null;
        }
    }

    private static async Task<CacheAgreement?> ReadAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await database.LookAsync(AskAsync, ReadModel.LookLimit, time, cancellationToken);
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
        return new(row.IsDBNull(0) ? null : row.GetString(0), row.GetBoolean(1), await row.GetFieldValueAsync<string[]>(2, cancellationToken));
    }

    /// <summary>Leave to read Redis.</summary>
    private sealed record Grant(int Interruptions, long Until, RedisValue Filling);
}
