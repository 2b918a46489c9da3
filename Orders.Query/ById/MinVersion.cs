using System.Globalization;
using Orders.Query.Http;

namespace Orders.Query.ById;

/// <summary><c>?min_version=N</c>: the lowest version that the response may show.</summary>
internal static class MinVersion
{
    public const string Parameter = "min_version";

    /// <summary>Reads it; null when it is absent or invalid.</summary>
    public static long? Read(QueryErrors errors)
    {
        if (errors.Text(Parameter) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0)
        {
            return version;
        }

        errors.Add(Parameter, "is not a whole number from 1.");
        return null;
    }
}
