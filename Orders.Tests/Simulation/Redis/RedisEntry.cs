namespace Orders.Tests.Simulation.Redis;

/// <summary>A key's value: a text or a hash, and when it runs out.</summary>
internal sealed class RedisEntry
{
    /// <summary>Null for a hash.</summary>
    public byte[]? Text { get; init; }

    public Dictionary<string, byte[]> Fields { get; init; } = new(StringComparer.Ordinal);

    public TimeSpan ExpiresAt { get; set; } = TimeSpan.MaxValue;

    public RedisEntry Copy() => new() { Text = Text, Fields = new(Fields, StringComparer.Ordinal), ExpiresAt = ExpiresAt };
}
