using Orders.Bench.Report;

namespace Orders.Bench;

/// <summary>A comparison of our system with others.</summary>
internal interface IBench
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>What is compared and how, in Markdown.</summary>
    string Explanation { get; }

    /// <summary>Measures every side.</summary>
    /// <param name="context">The engines, and how much to measure.</param>
    /// <param name="cancellationToken">Stops measuring.</param>
    /// <returns>A row for each comparison.</returns>
    Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken);
}
