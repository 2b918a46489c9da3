using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;

namespace Orders.Query.Http;

/// <summary>
/// Reads the parameters of a query string and collects their errors by name. An unknown parameter is an
/// error: otherwise a filter with a typing mistake in its name would be ignored.
/// </summary>
internal sealed class QueryErrors
{
    private readonly IQueryCollection _query;
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <param name="query">The parameters of the request.</param>
    /// <param name="known">The names that the route knows, spelled exactly.</param>
    public QueryErrors(IQueryCollection query, IReadOnlyList<string> known)
    {
        _query = query;
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                Add(name, $"is not known here. Known are {string.Join(", ", known)}.");
            }
            else if (values.Count > 1)
            {
                Add(name, "is there more than once.");
            }
        }
    }

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool None => _errors.Count == 0;

    /// <summary>The value of a parameter; null when it is absent or already has an error.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out var values) && !_errors.ContainsKey(name) ? values[0] ?? "" : null;

    /// <summary>Adds an error of a parameter.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="message">The rest of a sentence that begins with the name.</param>
    public void Add(string name, string message) => _errors.TryAdd(name, [message]);

    /// <summary>400 with every invalid parameter.</summary>
    public ProblemHttpResult Answer() => Problems.Validation(_errors);
}
