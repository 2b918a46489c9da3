using System.Globalization;
using System.Text;
using Orders.Domain.Cache;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Postgres;
using StackExchange.Redis;

namespace Orders.Tests.Simulation.Redis;

/// <summary>
/// Redis: keys that run out, scripts, and what can happen to it: evictions, a flush, a restart with what it
/// has saved, no room, no right to run scripts.
/// </summary>
internal sealed class RedisServer : SimulatedServer, IDisposable
{
    private readonly World _world;
    private readonly LuaHost _lua;
    private Dictionary<string, RedisEntry> _keys = new(StringComparer.Ordinal);
    private Dictionary<string, RedisEntry> _saved = new(StringComparer.Ordinal);
    private int _starts = 1;

    public RedisServer(World world)
        : base("redis")
    {
        _world = world;
        _lua = new LuaHost(Call);
    }

    /// <summary>Each hears that its connection is gone.</summary>
    public List<Action> Connections { get; } = [];

    /// <summary>Another at every start.</summary>
    public string RunId => $"run{_starts}";

    /// <summary>Whether it has no room: what writes is refused.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether the services may not run scripts.</summary>
    public bool RefusesScripts { get; set; }

    public IReadOnlyList<string> Orders => Keys(CacheRows.Keys.OrderPattern);

    /// <summary>The keys of a pattern that ends in its only star.</summary>
    public IReadOnlyList<string> Keys(string pattern) => [.. _keys.Keys.Where(key => key.StartsWith(pattern[..^1], StringComparison.Ordinal))];

    public void Save() => _saved = _keys.ToDictionary(entry => entry.Key, entry => entry.Value.Copy(), StringComparer.Ordinal);

    /// <summary>Starts anew, with what was saved last, or with nothing.</summary>
    public void Restart(bool keepsSaved)
    {
        _starts++;
        _keys = keepsSaved ? _saved : new(StringComparer.Ordinal);
        Save();
        Connections.ForEach(connection => connection());
    }

    public void Flush() => _keys.Clear();

    /// <summary>
    /// Drops a key for want of room. One that is announced is not dropped: docs/cache.md says what is left
    /// there.
    /// </summary>
    public void Evict(string key)
    {
        if (Find(key) is { } entry && !(entry.Fields.ContainsKey(OrderCache.TicketField) && entry.Fields.ContainsKey(OrderCache.VersionField)))
        {
            _keys.Remove(key);
        }
    }

    public RedisResult Run(string script, RedisKey[] keys, RedisValue[] values) => RefusesScripts
        ? throw RedisErrors.Of("NOPERM this user has no permissions to run the 'eval' command (simulated)")
        : _lua.Run(Mutate(script), keys, values);

    /// <summary>Runs a command.</summary>
    /// <returns>Null, a number, bytes, or a list of bytes.</returns>
    public object? Call(string command, byte[][] arguments)
    {
        var key = Encoding.UTF8.GetString(arguments[0]);
        var texts = arguments[1..];
        if (IsFull && command is ("HSET" or "SET"))
        {
            throw RedisErrors.Of("OOM command not allowed when used memory > 'maxmemory' (simulated)");
        }

        return command switch
        {
            "GET" => Find(key)?.Text,
            "SET" => Set(key, texts[0]),
            "DEL" => _keys.Remove(key) ? 1L : 0L,
            "EXISTS" => Find(key) is null ? 0L : 1L,
            "HSET" => SetFields(key, texts),
            "HGET" => Find(key)?.Fields.GetValueOrDefault(Encoding.UTF8.GetString(texts[0])),
            "HMGET" => texts.Select(field => Find(key)?.Fields.GetValueOrDefault(Encoding.UTF8.GetString(field))).ToArray(),
            "HGETALL" => Find(key)?.Fields.SelectMany(field => new[] { Encoding.UTF8.GetBytes(field.Key), field.Value }).ToArray() ?? [],
            "PTTL" => Find(key) is { } entry ? (long)Math.Min((entry.ExpiresAt - _world.Now).TotalMilliseconds, int.MaxValue) : -2L,
            "EXPIRE" => Expire(key, TimeSpan.FromSeconds(Number(texts[0]))),
            "PEXPIRE" => Expire(key, TimeSpan.FromMilliseconds(Number(texts[0]))),
            _ => throw RedisErrors.Of($"ERR unknown command '{command}'"),
        };
    }

    public void Dispose() => _lua.Dispose();

    private string Mutate(string script) =>
        _world.Lacks(Repair.Tickets) && script == CacheScripts.Complete ? script.Replace("have[1] == ARGV[1] and not have[4]", "true", StringComparison.Ordinal) : script;

    private RedisEntry? Find(string key)
    {
        if (_keys.GetValueOrDefault(key) is not { } entry)
        {
            return null;
        }

        if (entry.ExpiresAt > _world.Now)
        {
            return entry;
        }

        _keys.Remove(key);
        return null;
    }

    private long Set(string key, byte[] text)
    {
        _keys[key] = new RedisEntry { Text = text };
        return 1L;
    }

    private long SetFields(string key, byte[][] pairs)
    {
        var entry = Find(key) ?? (_keys[key] = new RedisEntry());
        for (var i = 0; i < pairs.Length; i += 2)
        {
            entry.Fields[Encoding.UTF8.GetString(pairs[i])] = pairs[i + 1];
        }

        return pairs.Length / 2;
    }

    private long Expire(string key, TimeSpan life)
    {
        if (Find(key) is not { } entry)
        {
            return 0L;
        }

        entry.ExpiresAt = _world.Now + life;
        return 1L;
    }

    private static long Number(byte[] text) => long.Parse(text, CultureInfo.InvariantCulture);
}
