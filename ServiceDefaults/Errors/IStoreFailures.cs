using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// Maps failures of a service's store to responses. A singleton, for <see cref="StoreFailureFilter"/>.
/// </summary>
public interface IStoreFailures
{
    /// <summary>The response for this failure. The failure is logged here too.</summary>
    /// <param name="failure">The endpoint's exception.</param>
    /// <param name="http">The request.</param>
    /// <returns>Null for a failure that is not the store's.</returns>
    ProblemHttpResult? Answer(Exception failure, HttpContext http);
}
