using Orders.Bench.Simulation;

namespace Orders.Tests.Simulation;

/// <summary>
/// What happened, in order. The last lines are kept, all of them are part of the digest: two runs are the
/// same when their digests are.
/// </summary>
internal sealed class EventLog(EventQueue queue)
{
    private const int Kept = 60;
    private const ulong Basis = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    private readonly Queue<string> _last = [];

    /// <summary>FNV-1a over all lines.</summary>
    public ulong Digest { get; private set; } = Basis;

    public long Lines { get; private set; }

    /// <summary>Hears of every line; null for nobody.</summary>
    public Action<string>? Heard { get; set; }

    public IReadOnlyCollection<string> Last => _last;

    public void Add(string who, string what)
    {
        var line = $"{queue.Now.TotalSeconds,9:0.0000} {who}: {what}";
        foreach (var character in line)
        {
            Digest = (Digest ^ character) * Prime;
        }

        Lines++;
        _last.Enqueue(line);
        if (_last.Count > Kept)
        {
            _last.Dequeue();
        }

        Heard?.Invoke(line);
    }
}
