namespace Orders.Local.Engines;

/// <summary>A step that has begun or, with <paramref name="Took"/>, is done.</summary>
/// <param name="Engine">Who takes the step: Postgres, Redis, dynoxide.</param>
/// <param name="Text">What happens, in a few words.</param>
/// <param name="Took">Null while the step goes on.</param>
internal sealed record EngineStep(string Engine, string Text, TimeSpan? Took = null);
