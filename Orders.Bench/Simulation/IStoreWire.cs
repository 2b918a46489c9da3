namespace Orders.Bench.Simulation;

/// <summary>What is between an instance and its store.</summary>
internal interface IStoreWire
{
    /// <summary>Sends a call and brings its answer back, if it does.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="effect">What the store does, at once, when the call is there.</param>
    /// <param name="rows">How many rows an answer has.</param>
    Task<T> CallAsync<T>(string operation, Func<Task<T>> effect, Func<T, int> rows);
}
