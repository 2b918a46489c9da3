namespace Orders.Warehouse.Redshift;

/// <summary>What a load does to the days that it touches.</summary>
/// <param name="Load">Files whose rows are loaded.</param>
/// <param name="PassOver">Files whose rows are there already, by those that they replace.</param>
/// <param name="Gone">Paths of loaded files that are no longer live.</param>
/// <param name="Replaced">Days whose rows are removed before.</param>
internal sealed record LoadPlan(IReadOnlyList<LoadedFile> Load, IReadOnlyList<LoadedFile> PassOver, IReadOnlyList<string> Gone, IReadOnlyList<DateOnly> Replaced)
{
    /// <summary>Plans a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="live">Its live files, those that can be read.</param>
    /// <param name="loaded">Its files whose rows are there.</param>
    /// <param name="isWhole">Whether every live file can be read, or is there already.</param>
    /// <returns>The plan; null when nothing can be done without losing rows.</returns>
    public static LoadPlan? Of(DateOnly day, IReadOnlyList<(LoadedFile File, bool Replaces)> live, IReadOnlyList<LoadedFile> loaded, bool isWhole)
    {
        var names = loaded.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var added = live.Where(each => !names.Contains(each.File.Path)).ToList();
        var gone = loaded.Where(file => !live.Any(each => each.File.Path == file.Path)).ToList();
        if (gone.Count == 0)
        {
            return new([.. added.Select(each => each.File)], [], [], []);
        }

        var replacing = added.Where(each => each.Replaces).Select(each => each.File).ToList();
        if (replacing.Count > 0 && Sum(replacing) == Sum(gone))
        {
            return new([.. added.Where(each => !each.Replaces).Select(each => each.File)], replacing, [.. gone.Select(file => file.Path)], []);
        }

        // Removing the day and loading a part of it would lose what is there.
        return isWhole ? new([.. live.Select(each => each.File)], [], [.. loaded.Select(file => file.Path)], [day]) : null;
    }

    private static (long Rows, ulong Digest) Sum(IReadOnlyCollection<LoadedFile> files) => (files.Sum(file => file.Rows), files.Aggregate(0UL, (sum, file) => sum ^ file.Digest));
}
