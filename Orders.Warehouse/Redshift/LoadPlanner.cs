namespace Orders.Warehouse.Redshift;

/// <summary>Reads the new files of a log and plans its days.</summary>
/// <param name="staged">Where files are read to.</param>
/// <param name="check">What is selected of a file to check it.</param>
/// <param name="there">The files whose rows are in Redshift.</param>
/// <param name="tries">How often which file failed in earlier loads.</param>
/// <param name="failed">The files that failed in this one.</param>
/// <param name="session">Whose steps these are.</param>
internal sealed class LoadPlanner(
    StagedFiles staged, string check, IReadOnlyList<LoadedFile> there, IReadOnlyDictionary<string, int> tries, Dictionary<string, FailedFile> failed, LoadSession session)
{
    // One transaction takes so many new rows, and then whole days.
    private const long MostRows = 2_000_000;

    private readonly Dictionary<string, LoadedFile> _there = there.ToDictionary(file => file.Path, StringComparer.Ordinal);

    /// <summary>The files that failed here.</summary>
    public List<FailedFile> Failures { get; } = [];

    /// <summary>Plans a load.</summary>
    /// <param name="live">The live files.</param>
    /// <param name="one">Whether it is to take as little as can be, to find the file that Redshift
    /// refuses.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The plans; and whether something is left for another load.</returns>
    public async Task<(IReadOnlyList<LoadPlan> Plans, bool HasMore)> PlanAsync(IReadOnlyList<LiveFile> live, bool one, CancellationToken cancellationToken)
    {
        var plans = new List<LoadPlan>();
        var liveOf = live.ToLookup(file => file.Day);
        var loadedOf = there.ToLookup(file => file.Day);
        long rows = 0;
        foreach (var day in live.Select(file => file.Day).Union(there.Select(file => file.Day)).Order())
        {
            var isNew = liveOf[day].Any(file => !_there.ContainsKey(file.Path)) || loadedOf[day].Any(file => !liveOf[day].Any(each => each.Path == file.Path));
            if (!isNew)
            {
                continue;
            }

            if (rows >= MostRows)
            {
                return (plans, true);
            }

            var plan = one && loadedOf[day].All(file => liveOf[day].Any(each => each.Path == file.Path))
                ? await PlanFileAsync(liveOf[day], cancellationToken)
                : await PlanDayAsync(day, [.. liveOf[day]], [.. loadedOf[day]], cancellationToken);
            if (plan is null || plan.Load.Count + plan.PassOver.Count + plan.Gone.Count == 0)
            {
                continue;
            }

            plans.Add(plan);
            if (one)
            {
                return (plans, true);
            }

            rows += plan.Load.Sum(file => file.Rows);
        }

        return (plans, false);
    }

    /// <summary>Plans to load everything anew.</summary>
    /// <returns>The plans; null when a file cannot be read whose rows are there: all stays as it
    /// is.</returns>
    public async Task<IReadOnlyList<LoadPlan>?> AnewAsync(IReadOnlyList<LiveFile> live, CancellationToken cancellationToken)
    {
        var load = new List<LoadedFile>();
        var losesRows = false;
        foreach (var file in live)
        {
            if (await ReadAsync(file, cancellationToken) is { } read)
            {
                load.Add(read);
            }
            else
            {
                losesRows |= file.Replaces || _there.ContainsKey(file.Path);
            }
        }

        return losesRows ? null : [new(load, [], [.. there.Select(file => file.Path)], [.. there.Select(file => file.Day).Distinct()])];
    }

    /// <summary>The first new file of a day of which nothing was replaced.</summary>
    private async Task<LoadPlan?> PlanFileAsync(IEnumerable<LiveFile> live, CancellationToken cancellationToken)
    {
        foreach (var file in live.Where(file => !_there.ContainsKey(file.Path)))
        {
            if (await ReadAsync(file, cancellationToken) is { } read)
            {
                return new([read], [], [], []);
            }
        }

        return null;
    }

    private async Task<LoadPlan?> PlanDayAsync(DateOnly day, IReadOnlyList<LiveFile> live, IReadOnlyList<LoadedFile> loaded, CancellationToken cancellationToken)
    {
        var files = new List<(LoadedFile File, bool Replaces)>();
        var isWhole = true;
        foreach (var file in live)
        {
            var read = _there.TryGetValue(file.Path, out var known) ? known : await ReadAsync(file, cancellationToken);
            isWhole &= read is not null;
            if (read is not null)
            {
                files.Add((read, file.Replaces));
            }
        }

        var plan = LoadPlan.Of(day, files, loaded, isWhole);
        // A day that is loaded anew also needs the files of it that are there.
        foreach (var file in plan is { Replaced.Count: > 0 } ? live.Where(file => _there.ContainsKey(file.Path)) : [])
        {
            if (await ReadAsync(file, cancellationToken) is null)
            {
                return null;
            }
        }

        return plan;
    }

    private async Task<LoadedFile?> ReadAsync(LiveFile file, CancellationToken cancellationToken)
    {
        if (failed.ContainsKey(file.Path) || tries.GetValueOrDefault(file.Path) >= RedshiftLedger.MostTries)
        {
            return null;
        }

        session.Begin("read");
        var (read, problem) = await staged.ReadAsync(file, check, cancellationToken);
        if (problem is not null)
        {
            Failures.Add(problem);
            failed[file.Path] = problem;
        }

        return read;
    }
}
