using System.Diagnostics;

namespace Orders.Engines;

/// <summary>Reports a step when it begins and, with its duration, when it is done.</summary>
internal sealed class Step
{
    private readonly IProgress<EngineStep> _progress;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly string _engine;
    private readonly string _text;

    public Step(IProgress<EngineStep> progress, string engine, string text, bool takesLong = false)
    {
        (_progress, _engine, _text) = (progress, engine, text);
        progress.Report(new(engine, text, TakesLong: takesLong));
    }

    /// <param name="text">The result, if it differs from the announced text.</param>
    public void Done(string? text = null) => _progress.Report(new(_engine, text ?? _text, Stopwatch.GetElapsedTime(_began)));
}
