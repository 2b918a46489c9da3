using Orders.Bench.Measuring;

namespace Orders.Bench.Report;

/// <summary>One comparison in the table.</summary>
internal sealed record ResultRow
{
    public required string Bench { get; init; }

    /// <summary>The measured part of our system.</summary>
    public required string Subject { get; init; }

    /// <summary>Our figure, with its unit.</summary>
    public required string Ours { get; init; }

    /// <summary>What it is compared with.</summary>
    public required string Rival { get; init; }

    /// <summary>The rival's figure; empty when there is none.</summary>
    public string Theirs { get; init; } = "";

    /// <summary>The figure to judge: a ratio of both, or our figure alone.</summary>
    public required Sample Judged { get; init; }

    /// <summary>The unit of <see cref="Judged"/>: × for a ratio.</summary>
    public string Unit { get; init; } = "×";

    /// <summary>Null for a row that is only for information.</summary>
    public Bound? MustReach { get; init; }

    /// <summary>Decided by the median; null without a bound.</summary>
    public bool? IsMet => MustReach?.IsMetBy(Judged.Median);

    /// <summary>Creates a row that compares two figures of which the higher is better.</summary>
    public static ResultRow OfRates(
        string bench, string subject, IReadOnlyList<double> ours, string rival, IReadOnlyList<double> theirs, string unit, double? mustReach = null) => new()
        {
            Bench = bench,
            Subject = subject,
            Ours = Sample.Of(ours).Text(unit),
            Rival = rival,
            Theirs = Sample.Of(theirs).Text(unit),
            Judged = Sample.Ratio(ours, theirs),
            MustReach = mustReach is { } floor ? Bound.AtLeast(floor) : null,
        };
}
