using System.Globalization;

namespace Orders.Warehouse.Logs;

/// <summary>The names of the lake's objects that do not come from the ledger.</summary>
internal static class LakePaths
{
    /// <summary>The folder of a day.</summary>
    public static string Day(string log, DateOnly day) => $"{log}/day={day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";

    /// <summary>The marker that a day's files before a generation are replaced.</summary>
    public static string Marker(string log, DateOnly day, int generation) => $"{Day(log, day)}/replaced-by-{generation.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A file that replaces others.</summary>
    /// <param name="log">The log.</param>
    /// <param name="day">The day.</param>
    /// <param name="generation">Its generation.</param>
    /// <param name="part">Its number among those of the generation, from 0.</param>
    public static string Compact(string log, DateOnly day, int generation, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{Day(log, day)}/{generation}-compact-{part:00000}.parquet");

    /// <summary>The folder of the stored states of the orders.</summary>
    public const string State = "orders_state";

    /// <summary>A file with orders of a stored state.</summary>
    /// <param name="number">The state's.</param>
    /// <param name="part">Its number among those of the state, from 0.</param>
    public static string StateRows(long number, int part) => $"{StatePrefix(number)}rows-{part.ToString("00000", CultureInfo.InvariantCulture)}.parquet";

    /// <summary>The file that names the files of a stored state. It counts from the moment when this file is
    /// there.</summary>
    /// <param name="number">The state's.</param>
    public static string StateFiles(long number) => $"{StatePrefix(number)}files.parquet";

    /// <summary>The file that names the files of the log whose changes are in a stored state. It comes
    /// last.</summary>
    /// <param name="number">The state's.</param>
    public static string StateCovers(long number) => $"{StatePrefix(number)}covers.parquet";

    /// <summary>How the paths of a stored state's own files begin.</summary>
    /// <param name="number">The state's.</param>
    public static string StatePrefix(long number) => $"{State}/{number.ToString("0000000000", CultureInfo.InvariantCulture)}-";

    /// <summary>An object's name as a local path.</summary>
    public static string Local(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
}
