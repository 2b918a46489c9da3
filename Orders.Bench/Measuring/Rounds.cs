namespace Orders.Bench.Measuring;

/// <summary>Measures sides by turns, so that what else the machine does meanwhile falls on all of them.</summary>
internal static class Rounds
{
    /// <summary>Runs every side once in each round; every other round goes through them backwards.</summary>
    /// <param name="sides">What to measure.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="measure">Measures one side once, in the given round from 1.</param>
    /// <returns>Each side's figures, a figure a round.</returns>
    public static async Task<Dictionary<TSide, List<TFigure>>> RunAsync<TSide, TFigure>(
        IReadOnlyList<TSide> sides, int rounds, Func<TSide, int, Task<TFigure>> measure) where TSide : notnull
    {
        var figures = sides.ToDictionary(side => side, _ => new List<TFigure>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var side in round % 2 == 1 ? sides : sides.Reverse())
                figures[side].Add(await measure(side, round));
        }

        return figures;
    }
}
