namespace Orders.Tests.Engines;

/// <summary>What the files of a Postgres say about its last end.</summary>
internal static class PostgresFiles
{
    // pg_control begins with the system's id (8 bytes) and two versions (4 each); the state of the database
    // comes next. See src/include/catalog/pg_control.h.
    private const int StateOffset = 16;
    private const int ShutDown = 1;

    /// <summary>
    /// Whether the server that ran last was shut down cleanly: the next one has nothing to recover.
    /// </summary>
    /// <param name="data">The data folder, with the server's folder anywhere below it.</param>
    public static bool IsShutDown(string data)
    {
        var control = Directory.EnumerateFiles(data, "pg_control", SearchOption.AllDirectories).Single();
        return BitConverter.ToInt32(File.ReadAllBytes(control), StateOffset) == ShutDown;
    }
}
