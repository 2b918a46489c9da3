using Orders.Bench.Report;

namespace Orders.Bench;

/// <summary>One comparison of ours with others.</summary>
internal interface IBench
{
    /// <summary>Its word on the command line.</summary>
    string Name { get; }

    /// <summary>What is compared and how, in Markdown.</summary>
    string Explanation { get; }

    /// <summary>Measures every side.</summary>
    /// <param name="context">The engines, and how much to measure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A row for each comparison.</returns>
    Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken);
}
