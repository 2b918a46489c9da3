using Orders.Bench.Apply;
using Orders.Bench.Freshness;
using Orders.Bench.Growth;
using Orders.Bench.Idle;
using Orders.Bench.Overload;
using Orders.Bench.Read;
using Orders.Bench.Warehouse;
using Orders.Bench.Write;

namespace Orders.Bench;

/// <summary>All benches, in the order in which they run.</summary>
internal static class Benches
{
    public static IReadOnlyList<IBench> All { get; } = [new ApplyBench(), new ReadBench(), new WriteBench(), new FreshnessBench(), new GrowthBench(), new IdleBench(), new OverloadBench(), new WarehouseBench()];
}
