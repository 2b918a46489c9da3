using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Embedded;

/// <summary>The folders of the lake that hold logs.</summary>
internal static class LogFolders
{
    private const string Suffix = "_changes";

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    /// <summary>The names of tables that SQL owns and that have a log here.</summary>
    public static IReadOnlyList<string> Tables(string folder) =>
    [
        .. Directory.EnumerateDirectories(folder, $"*{Suffix}").Select(log => Path.GetFileName(log)!).Where(log => log != OrderLog.Name)
            .Order(StringComparer.Ordinal).Select(log => log[..^Suffix.Length]).Where(table => table.Length > 0),
    ];

    /// <summary>The folders that a query may read.</summary>
    /// <exception cref="QueryException">A link is among their files, which leads elsewhere.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        string[] logs = [.. Directory.EnumerateDirectories(folder, $"*{Suffix}"), Path.Combine(folder, LakePaths.State)];
        foreach (var log in logs)
        {
            if (new DirectoryInfo(log).EnumerateFileSystemInfos("*", Everything).Prepend(new DirectoryInfo(log)).FirstOrDefault(each => each.LinkTarget is not null) is { } link)
            {
                throw new QueryException(QueryFault.File, $"{link.FullName} is a link. Queries are not run while one is in the lake, since it may lead to any file. Delete it.");
            }
        }

        // DuckDB compares texts: the views' patterns are to be allowed, too.
        return [.. logs.SelectMany(log => new[] { log, ViewScript.Pattern(log) }).Distinct(StringComparer.Ordinal).Select(log => log + Path.DirectorySeparatorChar)];
    }
}
