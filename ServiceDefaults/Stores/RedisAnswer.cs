namespace Orders.ServiceDefaults.Stores;

/// <summary>The result of Redis, if there is one.</summary>
/// <param name="Answered">Whether Redis answered.</param>
/// <param name="Value">The answer; the default when there is none.</param>
public readonly record struct RedisAnswer<T>(bool Answered, T? Value);
