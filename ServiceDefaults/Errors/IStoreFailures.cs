using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// What a service answers when its store fails: what is an outage is particular to each store. A singleton,
/// for <see cref="StoreFailureFilter"/>.
/// </summary>
public interface IStoreFailures
{
    /// <summary>The answer to a request that met this failure. Also the place to log it.</summary>
    /// <param name="failure">What the endpoint threw.</param>
    /// <param name="http">The request.</param>
    /// <returns>Null for a failure that is not the store's.</returns>
    ProblemHttpResult? Answer(Exception failure, HttpContext http);
}
