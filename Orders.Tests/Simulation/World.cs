using Orders.Bench.Simulation;
using Orders.Tests.Simulation.Audit;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Postgres;
using Orders.Tests.Simulation.Redis;
using Orders.Tests.Simulation.Table;

namespace Orders.Tests.Simulation;

/// <summary>
/// What all processes share: virtual time, chance, the log, the modelled stores, and who watches over them.
/// </summary>
internal sealed class World : IDisposable
{
    /// <summary>What the clocks say when a simulation begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<SimulatedProcess> _processes = [];

    public World(int seed, Repair without)
    {
        (Without, Random, Log) = (without, new Random(seed), new EventLog(Queue));
        Auditor = new Auditor(this);
        Stream = new StreamService(this);
        Table = new OrderTable(this);
        Postgres = new PostgresServer(this);
        Redis = new RedisServer(this);
    }

    public EventQueue Queue { get; } = new();

    public TimeSpan Now => Queue.Now;

    /// <summary>The only source of chance.</summary>
    public Random Random { get; }

    public EventLog Log { get; }

    /// <summary>What is taken out of the product, to see whether the auditor notices.</summary>
    public Repair Without { get; }

    public Auditor Auditor { get; }

    public StreamService Stream { get; }

    public OrderTable Table { get; }

    public PostgresServer Postgres { get; }

    public RedisServer Redis { get; }

    /// <summary>Whether nothing fails any more.</summary>
    public bool IsCalm { get; set; }

    /// <summary>The share of requests or answers that are lost on the way.</summary>
    public double LossRate { get; set; }

    /// <summary>What the product is not spared.</summary>
    public Weakness Unspared { get; init; }

    public bool Lacks(Repair repair) => Without.HasFlag(repair);

    /// <summary>Makes a process.</summary>
    public SimulatedProcess Fork(string name)
    {
        var process = new SimulatedProcess(Queue, name);
        _processes.Add(process);
        return process;
    }

    /// <summary>Ends it: no process goes on.</summary>
    public void Dispose()
    {
        _processes.ForEach(process => process.Kill());
        Redis.Dispose();
    }

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>A time between two.</summary>
    public TimeSpan Between(double fromSeconds, double toSeconds) => TimeSpan.FromSeconds(fromSeconds + (Random.NextDouble() * (toSeconds - fromSeconds)));

    /// <summary>One of these.</summary>
    public T OneOf<T>(IReadOnlyList<T> list) => list[Random.Next(list.Count)];

    /// <summary>Lets something happen after a while.</summary>
    public void After(TimeSpan wait, Action effect) => Queue.At(Now + wait, effect);
}
