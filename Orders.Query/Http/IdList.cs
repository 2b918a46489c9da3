namespace Orders.Query.Http;

/// <summary>
/// <c>ids=a,b,c</c>: many ids in one request. An entry that is not an id fails alone; a list without a valid
/// id is an error.
/// </summary>
internal static class IdList
{
    public const string Parameter = "ids";

    /// <summary>The most ids: enough for a page of the gateway, and for one statement.</summary>
    public const int Max = 100;

    /// <summary>Reads one entry.</summary>
    public delegate bool Reader<T>(string text, out T id);

    /// <summary>Reads the list.</summary>
    /// <param name="errors">The request's parameters.</param>
    /// <param name="read">Reads one entry.</param>
    /// <param name="expected">The description of an entry, to follow "is not".</param>
    public static AskedIds<T> Read<T>(QueryErrors errors, Reader<T> read, string expected)
    {
        if (errors.Text(Parameter) is not { } text)
        {
            errors.Add(Parameter, $"is missing: up to {Max}, with commas between.");
            return new([], []);
        }

        // One more than allowed shows that there are too many; the rest is not read.
        var parts = text.Split(',', Max + 1);
        if (parts.Length > Max)
        {
            errors.Add(Parameter, $"has more than {Max}. Ask in several requests.");
            return new([], []);
        }

        var ids = new List<T>(parts.Length);
        var problems = new List<ListProblem>();
        foreach (var part in parts)
        {
            if (read(part, out var id))
            {
                ids.Add(id);
            }
            else
            {
                problems.Add(new(part, $"is not {expected}"));
            }
        }

        if (ids is [])
        {
            errors.Add(Parameter, $"has, at place 1, what is not {expected}");
        }

        return new([.. ids.Distinct()], problems);
    }
}
