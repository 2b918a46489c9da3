using System.Net;
using System.Reflection;
using System.Text;
using StackExchange.Redis;

namespace Orders.Tests.Simulation.Redis;

/// <summary>The client's large interfaces, of which the product uses a few members.</summary>
#pragma warning disable CA1852 // The platform makes the subtype.
internal class RedisProxy : DispatchProxy
#pragma warning restore CA1852
{
    private static readonly EndPoint Address = new DnsEndPoint("redis", 6379);

    private RedisLink _link = null!;
    private IConnectionMultiplexer _multiplexer = null!;
    private IServer _server = null!;

    public static IDatabase Database(RedisLink link)
    {
        var multiplexer = Create<IConnectionMultiplexer, RedisProxy>();
        var server = Create<IServer, RedisProxy>();
        var database = Create<IDatabase, RedisProxy>();
        foreach (var proxy in new object[] { multiplexer, server, database }.Cast<RedisProxy>())
        {
            (proxy._link, proxy._multiplexer, proxy._server) = (link, multiplexer, server);
        }

        return database;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => (targetMethod!.Name, args) switch
    {
        ("get_Multiplexer", _) => _multiplexer,
        ("get_Database", _) => 0,
        ("GetEndPoints", _) => new[] { Address },
        ("GetServer", _) => _server,
        ("get_IsConnected", _) => _link.IsConnected,
        ("get_ServerType", _) => ServerType.Standalone,
        ("InfoAsync", [RedisValue section, ..]) => _link.SendAsync(() => Info((string?)section)),
        ("KeysAsync", [_, RedisValue pattern, ..]) => Keys(_link.Server.Keys((string)pattern!)),
        ("ScriptEvaluateAsync", [string script, RedisKey[] keys, ..]) => _link.SendAsync(() => _link.Server.Run(script, keys, args[2] as RedisValue[] ?? [])),
        ("StringGetAsync", [RedisKey key, ..]) => _link.SendAsync(() => Value(Call("GET", key))),
        ("StringSetAsync", [RedisKey key, RedisValue value, ..]) => _link.SendAsync(() => Call("SET", key, value) is 1L),
        ("KeyDeleteAsync", [RedisKey key, ..]) => _link.SendAsync(() => Call("DEL", key) is 1L),
        ("KeyExistsAsync", [RedisKey key, ..]) => _link.SendAsync(() => Call("EXISTS", key) is 1L),
        ("KeyExpireAsync", [RedisKey key, TimeSpan life, ..]) => _link.SendAsync(() => Call("PEXPIRE", key, (long)life.TotalMilliseconds) is 1L),
        ("HashSetAsync", [RedisKey key, RedisValue field, RedisValue value, ..]) => _link.SendAsync(() => Call("HSET", key, field, value) is 1L),
        ("HashGetAsync", [RedisKey key, RedisValue[] fields, ..]) => _link.SendAsync(() => ((byte[]?[])Call("HMGET", key, fields)!).Select(Value).ToArray()),
        ("HashGetAllAsync", [RedisKey key, ..]) => _link.SendAsync(() => Entries((byte[][])Call("HGETALL", key)!)),
        _ => throw new NotSupportedException($"{targetMethod.DeclaringType}.{targetMethod.Name} is not simulated"),
    };

    private object? Call(string command, RedisKey key, params RedisValue[] values) => _link.Server.Call(command, [(byte[])key!, .. values.Select(value => (byte[])value!)]);

    private static RedisValue Value(object? answer) => answer is byte[] text ? text : RedisValue.Null;

    private static HashEntry[] Entries(byte[][] pairs) => [.. pairs.Chunk(2).Select(pair => new HashEntry(pair[0], pair[1]))];

    private IGrouping<string, KeyValuePair<string, string>>[] Info(string? section) => section == "server"
        ? Section("Server", ("run_id", _link.Server.RunId))
        : Section("Replication", ("role", "master"), ("master_replid", "r1"));

    private static IGrouping<string, KeyValuePair<string, string>>[] Section(string name, params (string Key, string Value)[] entries) =>
        [.. entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)).GroupBy(_ => name)];

    private static async IAsyncEnumerable<RedisKey> Keys(IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            yield return Encoding.UTF8.GetBytes(key);
        }

        await Task.CompletedTask;
    }
}
