using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;

namespace Orders.Query.Http;

/// <summary>
/// Reads the parameters of a query string and gathers what is wrong with them, each under its name. A
/// parameter that is not known is an error: a filter with a slip in its name would otherwise be a filter
/// that is not there.
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

    /// <summary>The value of a parameter; null when it is not there, or is wrong already.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out var values) && !_errors.ContainsKey(name) ? values[0] ?? "" : null;

    /// <summary>Notes what is wrong with a parameter.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="message">A sentence that goes on from the name.</param>
    public void Add(string name, string message) => _errors.TryAdd(name, [message]);

    /// <summary>400, naming every parameter that is wrong.</summary>
    public ProblemHttpResult Answer() => Problems.Validation(_errors);
}
