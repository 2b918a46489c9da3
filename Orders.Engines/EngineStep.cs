namespace Orders.Engines;

/// <summary>A step that has begun or, with <paramref name="Took"/>, is done.</summary>
/// <param name="Engine">Who takes the step: Postgres, Redis, dynoxide, a service.</param>
/// <param name="Text">What happens, or what came of it, in a few words.</param>
/// <param name="Took">Null while the step goes on; zero for news that took no time.</param>
/// <param name="TakesLong">Whether it is worth telling that it has begun.</param>
internal sealed record EngineStep(string Engine, string Text, TimeSpan? Took = null, bool TakesLong = false);
