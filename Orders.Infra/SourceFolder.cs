namespace Orders.Infra;

/// <summary>The folder of the solution, where the services' sources are.</summary>
internal static class SourceFolder
{
    private const string Mark = "Orders.sln";

    /// <summary>
    /// Searches from the program's folder upwards. If it is not found, as for a program that was copied
    /// elsewhere, it is the working folder.
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
