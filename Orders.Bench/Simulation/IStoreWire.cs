namespace Orders.Bench.Simulation;

/// <summary>The connection between an instance and its store.</summary>
internal interface IStoreWire
{
    /// <summary>Sends a call and returns its response, unless the connection fails.</summary>
    /// <param name="operation">The name of the call.</param>
    /// <param name="effect">The store's work, done at once when the call arrives.</param>
    /// <param name="rows">The number of rows in a response.</param>
    Task<T> CallAsync<T>(string operation, Func<Task<T>> effect, Func<T, int> rows);
}
