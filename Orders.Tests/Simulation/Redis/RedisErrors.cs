using StackExchange.Redis;

namespace Orders.Tests.Simulation.Redis;

/// <summary>What the product gets from the client when something goes wrong.</summary>
internal static class RedisErrors
{
    public static RedisServerException Of(string message) => new(RedisErrorKind.UnknownError, CommandFlags.None, message);

    public static RedisConnectionException Lost() =>
        new(ConnectionFailureType.SocketClosed, CommandFlags.None, "the connection is lost (simulated)", innerException: null, CommandStatus.Sent);

    public static RedisTimeoutException Timeout() => new(CommandFlags.None, "no answer (simulated)", CommandStatus.Sent);
}
