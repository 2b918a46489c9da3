namespace Orders.Warehouse.Redshift;

/// <summary>A log of the lake, and how its files become rows of Redshift.</summary>
internal interface ILoadedLog
{
    /// <summary>Its name in the lake.</summary>
    string Name { get; }

    /// <summary>The table of Redshift that says which of its files are there.</summary>
    string Ledger { get; }

    /// <summary>What is selected of a file to check it: its rows, a digest that follows from them in
    /// whatever order, and whether a text is longer than its column.</summary>
    string Check { get; }

    /// <summary>Makes its tables as its files need them. In the load's transaction.</summary>
    /// <param name="session">Redshift.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether everything is to be loaded anew.</returns>
    Task<bool> PrepareAsync(LoadSession session, CancellationToken cancellationToken);

    /// <summary>The statements that make its temporary tables.</summary>
    IEnumerable<string> Staging();

    /// <summary>Writes the files that COPY reads.</summary>
    /// <param name="staged">The files of the load.</param>
    /// <param name="load">The load's name.</param>
    /// <param name="paths">The files of the log.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The manifest of each temporary table.</returns>
    Task<IReadOnlyList<StagedTable>> StageAsync(StagedFiles staged, string load, IReadOnlyCollection<string> paths, CancellationToken cancellationToken);

    /// <summary>What happens after COPY, step by step.</summary>
    IEnumerable<(string Step, IEnumerable<string> Statements)> Steps();
}
