namespace Orders.Tests.Outages;

/// <summary>The tables of <c>docs/operations.md</c>, one for each service.</summary>
internal static class OperationsPage
{
    private const string Heading = "### ";

    private static readonly Lazy<Dictionary<OutageCell, string>> Read = new(ReadCells);

    /// <summary>What each cell says.</summary>
    public static IReadOnlyDictionary<OutageCell, string> Cells => Read.Value;

    // | Store | Condition | At the start | In the middle |
    private static Dictionary<OutageCell, string> ReadCells()
    {
        var cells = new Dictionary<OutageCell, string>();
        var service = "";
        foreach (var line in File.ReadLines(Path.Combine(Root(), "docs", "operations.md")))
        {
            if (line.StartsWith(Heading, StringComparison.Ordinal))
            {
                service = line[Heading.Length..];
            }
            else if (line.StartsWith('#'))
            {
                service = "";
            }
            else if (service.Length > 0 && line.Split('|', StringSplitOptions.TrimEntries) is ["", var store, var condition, var start, var middle, ""] && store is not "Store" && store[0] != '-')
            {
                cells.Add(new(service, store, condition, IsAtStart: true), start);
                cells.Add(new(service, store, condition, IsAtStart: false), middle);
            }
        }

        return cells;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orders.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The solution's folder is not above the tests'.");
        }

        return folder;
    }
}
