using System.Globalization;

namespace Orders.Bench.Measuring;

/// <summary>A figure from several measurements.</summary>
/// <param name="Median">The median, which for an even number is the mean of the middle two; or the figure of
/// all measurements together.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
internal sealed record Sample(double Median, double Least, double Most)
{
    /// <summary>The range as a share of the median; 0 for a median of 0.</summary>
    public double Spread => Median == 0 ? 0 : (Most - Least) / Median;

    /// <exception cref="ArgumentException">There are no figures.</exception>
    public static Sample Of(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        if (sorted.Length == 0)
        {
            throw new ArgumentException("A sample needs a figure.", nameof(figures));
        }

        var middle = sorted.Length / 2;
        return new(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>A figure of all rounds together, with the range of the single rounds.</summary>
    public static Sample Pooled(double figure, IEnumerable<double> rounds) => Of(rounds) with { Median = figure };

    /// <summary>
    /// The ratio of the two figures of each round: other load during a round affects both.
    /// </summary>
    public static Sample Ratio(IReadOnlyList<double> ours, IReadOnlyList<double> theirs) => Of(ours.Zip(theirs, (our, their) => our / their));

    /// <summary>The median with the range of the rounds.</summary>
    public string Text(string unit) => Least == Most ? Figure(Median, unit) : $"{Figure(Median, unit)} ({Figure(Least, "")}–{Figure(Most, "")})";

    /// <summary>A figure for readers: three significant digits, with separated thousands.</summary>
    public static string Figure(double figure, string unit)
    {
        var digits = Math.Abs(figure) switch { >= 100 or 0 => "#,0", >= 10 => "0.0", _ => "0.00" };
        var text = figure.ToString(digits, CultureInfo.InvariantCulture).Replace(',', ' ');
        return unit.Length == 0 ? text : $"{text} {unit}";
    }
}
