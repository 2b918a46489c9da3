namespace Orders.Bench.Measuring;

/// <summary>A limit that a figure must meet.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="IsFloor">Whether it is a minimum; otherwise a maximum.</param>
internal sealed record Bound(double Limit, bool IsFloor)
{
    public static Bound AtLeast(double limit) => new(limit, IsFloor: true);

    public static Bound AtMost(double limit) => new(limit, IsFloor: false);

    public bool IsMetBy(double figure) => IsFloor ? figure >= Limit : figure <= Limit;

    public string Text(string unit) => $"{(IsFloor ? "≥" : "≤")} {Sample.Figure(Limit, unit)}";
}
