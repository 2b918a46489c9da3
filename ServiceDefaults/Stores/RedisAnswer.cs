namespace Orders.ServiceDefaults.Stores;

/// <summary>What Redis said, if it did.</summary>
/// <param name="Answered">Whether Redis answered.</param>
/// <param name="Value">The answer; the default when there is none.</param>
public readonly record struct RedisAnswer<T>(bool Answered, T? Value);
