namespace Orders.Bench.Measuring;

/// <summary>Measures the sides alternately, so that other load on the machine affects all of them.</summary>
internal static class Rounds
{
    /// <summary>Runs every side once per round; every second round is in reverse order.</summary>
    /// <param name="sides">The sides to measure.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="measure">Measures one side once, in the given round, counted from 1.</param>
    /// <returns>The figures of each side, one per round.</returns>
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
    /// Runs every side for many short turns per round, alternately forwards and backwards, and takes one
    /// figure per side from all its turns of a round. So a disturbance of one or of ten seconds affects all
    /// sides alike. Neighbouring sides compare best. A warm-up of a third of a round, at least two turns,
    /// comes first and does not count.
    /// </summary>
    /// <param name="sides">The sides to measure.</param>
    /// <param name="rounds">The number of figures for each side.</param>
    /// <param name="turns">The number of turns of each side per round.</param>
    /// <param name="run">Runs one turn.</param>
    /// <param name="take">Returns the figure of a side's turns since the last call.</param>
    /// <param name="tell">Receives each figure and its round.</param>
    /// <returns>The figures of each side, one per round.</returns>
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
