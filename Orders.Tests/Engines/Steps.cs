using System.Collections.Concurrent;
using Orders.Engines;

namespace Orders.Tests.Engines;

/// <summary>Keeps what was reported.</summary>
internal sealed class Steps : IProgress<EngineStep>
{
    private readonly ConcurrentQueue<EngineStep> _all = new();

    public IReadOnlyCollection<EngineStep> All => _all;

    public void Report(EngineStep value) => _all.Enqueue(value);
}
