namespace Orders.Bench.Measuring;

/// <summary>What a figure must reach.</summary>
/// <param name="Limit">The figure.</param>
/// <param name="IsFloor">Whether more is better.</param>
internal sealed record Bound(double Limit, bool IsFloor)
{
    public static Bound AtLeast(double limit) => new(limit, IsFloor: true);

    public static Bound AtMost(double limit) => new(limit, IsFloor: false);

    public bool IsMetBy(double figure) => IsFloor ? figure >= Limit : figure <= Limit;

    public string Text(string unit) => $"{(IsFloor ? "≥" : "≤")} {Sample.Figure(Limit, unit)}";
}
