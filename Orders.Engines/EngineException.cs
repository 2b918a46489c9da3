namespace Orders.Engines;

/// <summary>
/// Why an engine is not available, and what to do: one line for the person at the terminal.
/// </summary>
/// <param name="problem">What is wrong, without a full stop.</param>
/// <param name="wayOut">What to do, as a sentence.</param>
/// <param name="details">More lines, such as the end of the engine's log; may be empty.</param>
/// <param name="inner">The cause, if there is one.</param>
internal sealed class EngineException(string problem, string wayOut, string details = "", Exception? inner = null)
    : Exception($"{problem}. {wayOut}", inner)
{
    public string Details { get; } = details;
}
