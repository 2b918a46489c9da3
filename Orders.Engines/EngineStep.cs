namespace Orders.Engines;

/// <summary>A step that has begun or, with <paramref name="Took"/>, is done.</summary>
/// <param name="Engine">The name of what takes the step: Postgres, Redis, dynoxide, a service.</param>
/// <param name="Text">What happens, or the result, in a few words.</param>
/// <param name="Took">Null while the step is running; zero for an event without a duration.</param>
/// <param name="TakesLong">Whether its start is worth a message.</param>
internal sealed record EngineStep(string Engine, string Text, TimeSpan? Took = null, bool TakesLong = false);
