using KeraLua;
using StackExchange.Redis;

namespace Orders.Tests.Simulation.Redis;

/// <summary>
/// Runs the product's scripts as Redis does: KEYS, ARGV, redis.call and redis.pcall, and the ways in which
/// values go in and out.
/// </summary>
internal sealed class LuaHost : IDisposable
{
    private readonly Func<string, byte[][], object?> _call;
    private readonly Lua _lua = new();
    private readonly Dictionary<string, int> _scripts = new(StringComparer.Ordinal);

    // What fails must not leave through frames of this platform: an error is raised by Lua itself.
    private const string RaisingCall =
        """
        redis.call = function(...)
          local answer = redis.pcall(...)
          if type(answer) == 'table' and answer.err then
            error(answer)
          end
          return answer
        end
        """;

    // Lua has only a pointer of it.
    private readonly LuaFunction _onCall;

    public LuaHost(Func<string, byte[][], object?> call)
    {
        _call = call;
        _onCall = _ => OnCall();
        _lua.NewTable();
        _lua.PushCFunction(_onCall);
        _lua.SetField(-2, "pcall");
        _lua.SetGlobal("redis");
        _lua.DoString(RaisingCall);
    }

    public RedisResult Run(string script, RedisKey[] keys, RedisValue[] values)
    {
        SetGlobal("KEYS", [.. keys.Select(key => (byte[])key!)]);
        SetGlobal("ARGV", [.. values.Select(value => (byte[])value!)]);
        _lua.RawGetInteger(LuaRegistry.Index, Load(script));
        var status = _lua.PCall(0, 1, 0);
        try
        {
            if (status != LuaStatus.OK)
            {
                throw RedisErrors.Of(Error() ?? _lua.ToString(-1));
            }

            return Error() is { } error ? throw RedisErrors.Of(error) : Result();
        }
        finally
        {
            _lua.SetTop(0);
        }
    }

    public void Dispose() => _lua.Dispose();

    private int Load(string script)
    {
        if (!_scripts.TryGetValue(script, out var reference))
        {
            if (_lua.LoadString(script) != LuaStatus.OK)
            {
                throw new InvalidOperationException(_lua.ToString(-1));
            }

            _scripts[script] = reference = _lua.Ref(LuaRegistry.Index);
        }

        return reference;
    }

    private void SetGlobal(string name, byte[][] values)
    {
        PushList(values);
        _lua.SetGlobal(name);
    }

    private int OnCall()
    {
        object? answer;
        try
        {
            var command = _lua.ToString(1);
            answer = _call(command, [.. Enumerable.Range(2, _lua.GetTop() - 1).Select(index => _lua.ToBuffer(index))]);
        }
        catch (RedisServerException refused)
        {
            _lua.NewTable();
            _lua.PushString(refused.Message);
            _lua.SetField(-2, "err");
            return 1;
        }

        Push(answer);
        return 1;
    }

    // What is not there is false in a script.
    private void Push(object? answer)
    {
        switch (answer)
        {
            case null:
                _lua.PushBoolean(false);
                break;
            case long number:
                _lua.PushInteger(number);
                break;
            case byte[] text:
                _lua.PushBuffer(text);
                break;
            case byte[]?[] list:
                PushList(list);
                break;
        }
    }

    private void PushList(byte[]?[] list)
    {
        _lua.NewTable();
        for (var i = 0; i < list.Length; i++)
        {
            Push(list[i]);
            _lua.RawSetInteger(-2, i + 1);
        }
    }

    private string? Error()
    {
        if (_lua.Type(-1) != LuaType.Table)
        {
            return null;
        }

        _lua.GetField(-1, "err");
        var error = _lua.Type(-1) == LuaType.String ? _lua.ToString(-1) : null;
        _lua.Pop(1);
        return error;
    }

    private RedisResult Result()
    {
        switch (_lua.Type(-1))
        {
            case LuaType.Number:
                return RedisResult.Create(_lua.ToInteger(-1));
            case LuaType.String:
                return RedisResult.Create((RedisValue)_lua.ToBuffer(-1));
            case LuaType.Table:
                var list = new RedisValue[_lua.RawLen(-1)];
                for (var i = 0; i < list.Length; i++)
                {
                    list[i] = _lua.RawGetInteger(-1, i + 1) == LuaType.String ? _lua.ToBuffer(-1) : RedisValue.Null;
                    _lua.Pop(1);
                }

                return RedisResult.Create(list);
            default:
                return RedisResult.Create(RedisValue.Null);
        }
    }
}
