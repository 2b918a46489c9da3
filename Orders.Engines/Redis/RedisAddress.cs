namespace Orders.Engines.Redis;

/// <summary>Where a Redis on loopback listens, and the password that it asks for.</summary>
/// <param name="Port">Its TCP port.</param>
/// <param name="Password">The password.</param>
internal sealed record RedisAddress(int Port, string Password)
{
    /// <summary>Host and port, to be shown.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>A configuration for StackExchange.Redis.</summary>
    public string Configuration => $"{Endpoint},password={Password}";
}
