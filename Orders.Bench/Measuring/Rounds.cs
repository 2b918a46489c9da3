namespace Orders.Bench.Measuring;

/// <summary>
/// Measures sides by turns, so that what else the machine does meanwhile falls on all of them.
/// </summary>
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
            {
                figures[side].Add(await measure(side, round));
            }
        }

        return figures;
    }

    /// <summary>
    /// Lets every side run for many short turns in each round, forwards and backwards by turns, and takes a
    /// figure of all its turns of a round: what lasts for a second, or for ten, falls on every side alike.
    /// Neighbours are compared best. A third of a round, two turns at least, comes before the first and does
    /// not count.
    /// </summary>
    /// <param name="sides">What to measure.</param>
    /// <param name="rounds">How many figures each gets.</param>
    /// <param name="turns">How often each runs in a round.</param>
    /// <param name="run">Lets one run.</param>
    /// <param name="take">What a side's turns came to since the last call.</param>
    /// <param name="tell">Hears of each figure and its round.</param>
    /// <returns>Each side's figures, a figure a round.</returns>
    public static async Task<Dictionary<TSide, List<TFigure>>> RunByTurnsAsync<TSide, TFigure>(
        IReadOnlyList<TSide> sides, int rounds, int turns, Func<TSide, Task> run, Func<TSide, TFigure> take, Action<TSide, int, TFigure> tell) where TSide : notnull
    {
        var figures = sides.ToDictionary(side => side, _ => new List<TFigure>());
        for (var round = 0; round <= rounds; round++)
        {
            for (var turn = 0; turn < (round == 0 ? Math.Max(Math.Min(2, turns), turns / 3) : turns); turn++)
            {
                foreach (var side in turn % 2 == 0 ? sides : sides.Reverse())
                {
                    await run(side);
                }
            }

            foreach (var side in sides)
            {
                var figure = take(side);
                if (round == 0)
                {
                    continue;
                }

                figures[side].Add(figure);
                tell(side, round, figure);
            }
        }

        return figures;
    }
}
