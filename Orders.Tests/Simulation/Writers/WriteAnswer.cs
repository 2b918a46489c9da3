namespace Orders.Tests.Simulation.Writers;

/// <summary>What the write API answers.</summary>
internal enum WriteAnswer
{
    /// <summary>200, 201, 204: it is done, or the order is as it was asked for.</summary>
    Done,

    /// <summary>404: there is no such order.</summary>
    NotFound,

    /// <summary>412: it is at another version than was named.</summary>
    Stale,

    /// <summary>409: the order may not take this step.</summary>
    Forbidden,

    /// <summary>503, certainly not carried out.</summary>
    Unavailable,

    /// <summary>503, and the caller must look.</summary>
    Uncertain,

    /// <summary>500: it failed of itself.</summary>
    Failed,
}
