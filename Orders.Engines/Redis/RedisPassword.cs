using System.Security.Cryptography;
using Orders.Engines.Data;

namespace Orders.Engines.Redis;

/// <summary>
/// The password of a Redis, a new one for each run. Redis reads it from a file that only this user may
/// read: every user of the machine sees a command line.
/// </summary>
internal static class RedisPassword
{
    private const int Length = 32;

    /// <summary>Makes one, and writes Redis' configuration with it.</summary>
    /// <param name="data">Holds the file.</param>
    /// <returns>The password.</returns>
    public static string Make(DataFolder data)
    {
        var password = RandomNumberGenerator.GetHexString(Length, lowercase: true);
        Folders.CreatePrivate(data.In("redis"));
        OwnFile.Write(FileIn(data), $"requirepass {password}\n");
        return password;
    }

    /// <summary>The file, the first argument of Redis.</summary>
    public static string FileIn(DataFolder data) => data.In("redis", "redis.conf");
}
