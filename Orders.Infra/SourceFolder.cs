namespace Orders.Infra;

/// <summary>The folder of the solution, where the services' sources are.</summary>
internal static class SourceFolder
{
    private const string Mark = "Orders.sln";

    /// <summary>
    /// Looks for it from the program's own folder upwards; the working folder when it is not there, as for a
    /// program that was copied elsewhere.
    /// </summary>
    public static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Mark)))
            {
                return folder;
            }
        }

        return Environment.CurrentDirectory;
    }
}
