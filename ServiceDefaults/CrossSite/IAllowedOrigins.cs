namespace Orders.ServiceDefaults.CrossSite;

/// <summary>
/// The foreign origins whose pages may change things here: those of CORS. A service without one allows none.
/// </summary>
public interface IAllowedOrigins
{
    /// <summary>Whether a page of this origin may call.</summary>
    /// <param name="origin">The header <c>Origin</c>.</param>
    bool Allow(string origin);
}
