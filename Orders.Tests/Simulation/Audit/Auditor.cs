namespace Orders.Tests.Simulation.Audit;

/// <summary>
/// Watches what must never happen, by a record of its own: it shares no code with what it audits. It hears
/// of every write of the table, of every commit of Postgres and of every read, and compares.
/// </summary>
internal sealed class Auditor
{
    private readonly World _world;
    private readonly List<string> _broken = [];

    public Auditor(World world)
    {
        _world = world;
        Table = new TableRecord(() => world.Now);
        Rows = new RowAudit(this, world);
        History = new HistoryAudit(this);
        Shards = new ShardAudit(this, world);
        Reads = new ReadAudit(this, world);
        Writes = new WriteAudit(this, world);
        Readiness = new ReadinessAudit(this, world);
    }

    /// <summary>What the table held, and when.</summary>
    public TableRecord Table { get; }

    public RowAudit Rows { get; }

    public HistoryAudit History { get; }

    public ShardAudit Shards { get; }

    public ReadAudit Reads { get; }

    public WriteAudit Writes { get; }

    public ReadinessAudit Readiness { get; }

    /// <summary>What was broken.</summary>
    public IReadOnlyList<string> Broken => _broken;

    public void Break(string promise, string what)
    {
        _broken.Add($"{promise}: {what}");
        _world.Log.Add("auditor", $"BROKEN {promise}: {what}");
    }

    /// <summary>Everything must be applied, and nothing else be there.</summary>
    public void CheckAtRest()
    {
        History.CheckAtRest();
        Rows.CheckAtRest();
        Writes.CheckAtRest();
        foreach (var gap in _world.Postgres.Leases.Gaps)
        {
            Break("no gap is invented", $"{gap.ShardId}: {gap.Reason}");
        }
    }
}
