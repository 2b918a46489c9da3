using System.Globalization;

namespace Orders.Warehouse.Store;

/// <summary>Paths in the lake: parts with <c>/</c> between them, none of which leads out of it.</summary>
internal static class LakePath
{
    private const string MarkerPrefix = "replaced-by-";
    private const string StateFolder = "orders_state/";
    private const string RowsInfix = "-rows-";

    /// <summary>Whether it may name an object.</summary>
    public static bool IsValid(string path) =>
        path.AsSpan().IndexOfAny('\\', '\0', ':') < 0 && path.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>Whether it is an object that says which others count: from which generation on a day's files
    /// do, or of what the stored states consist.</summary>
    public static bool IsMarker(string path) =>
        path.AsSpan(path.LastIndexOf('/') + 1).StartsWith(MarkerPrefix, StringComparison.Ordinal) || (path.StartsWith(StateFolder, StringComparison.Ordinal) && !path.Contains(RowsInfix, StringComparison.Ordinal));

    /// <summary>The generation that a marker names; 0 when it names none.</summary>
    public static long Generation(string marker) =>
        marker.AsSpan(marker.LastIndexOf('/') + 1).StartsWith(MarkerPrefix, StringComparison.Ordinal) && long.TryParse(marker.AsSpan(marker.LastIndexOf('/') + 1 + MarkerPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : 0;

    /// <exception cref="LakeException">It leads out of the lake, or names nothing.</exception>
    public static void Check(string path)
    {
        if (!IsValid(path))
        {
            throw new LakeException(
                $"'{path}' is not a path in the lake: its parts may not be empty, '.' or '..', and hold no backslash and no colon. Rename what it is made from; {LakeException.Setting} is not at fault.",
                isSetup: true);
        }
    }
}
