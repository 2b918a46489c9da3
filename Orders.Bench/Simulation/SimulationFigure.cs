using Orders.Bench.Measuring;

namespace Orders.Bench.Simulation;

/// <summary>A line of the simulation's table.</summary>
/// <param name="Phase">The phase of the scenario.</param>
/// <param name="What">The count or time.</param>
/// <param name="Figure">Its value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="MustReach">Null for a figure that is only for information.</param>
internal sealed record SimulationFigure(string Phase, string What, double Figure, string Unit, Bound? MustReach = null)
{
    public bool? IsMet => MustReach?.IsMetBy(Figure);

    public string[] Cells => [Phase, What, Sample.Figure(Figure, Unit), MustReach?.Text(Unit) ?? "", IsMet switch { true => "yes", false => "NO", null => "" }];
}
