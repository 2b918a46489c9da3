using System.Globalization;

namespace Orders.Query;

/// <summary><c>ids=a,b,c</c>: what a caller asks for many at once.</summary>
internal static class IdList
{
    public const string Parameter = "ids";

    /// <summary>At most so many: what a page of a gateway needs, and one statement's worth.</summary>
    public const int Max = 100;

    /// <summary>Reads one entry.</summary>
    public delegate bool Reader<T>(string text, out T id);

    /// <summary>Reads the list: each id once, in the order asked. Empty when something is wrong; the errors then say what.</summary>
    /// <param name="errors">The request's parameters.</param>
    /// <param name="read">Reads one entry.</param>
    /// <param name="expected">What an entry is, to go on from "is not".</param>
    public static IReadOnlyList<T> Read<T>(QueryErrors errors, Reader<T> read, string expected)
    {
        if (errors.Text(Parameter) is not { } text)
        {
            errors.Add(Parameter, $"is missing: up to {Max}, with commas between.");
            return [];
        }

        // One more than may be tells that there are too many; nobody needs the rest.
        var parts = text.Split(',', Max + 1);
        if (parts.Length > Max)
        {
            errors.Add(Parameter, $"has more than {Max}. Ask in several requests.");
            return [];
        }

        var ids = new List<T>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            if (!read(parts[i], out var id))
            {
                errors.Add(Parameter, string.Create(CultureInfo.InvariantCulture, $"has, at place {i + 1}, what is not {expected}"));
                return [];
            }

            ids.Add(id);
        }

        return [.. ids.Distinct()];
    }
}
