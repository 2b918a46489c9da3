using Orders.Bench.Measuring;

namespace Orders.Bench.Simulation;

/// <summary>A line of the simulation's table.</summary>
/// <param name="Phase">When.</param>
/// <param name="What">What is counted or timed.</param>
/// <param name="Figure">How much.</param>
/// <param name="Unit">Of the figure.</param>
/// <param name="MustReach">Null for one that is there to be known.</param>
internal sealed record SimulationFigure(string Phase, string What, double Figure, string Unit, Bound? MustReach = null)
{
    public bool? IsMet => MustReach?.IsMetBy(Figure);

    public string[] Cells => [Phase, What, Sample.Figure(Figure, Unit), MustReach?.Text(Unit) ?? "", IsMet switch { true => "yes", false => "NO", null => "" }];
}
