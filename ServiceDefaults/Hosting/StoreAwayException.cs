namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// A store does not answer yet, or not as one. Waiting may help: an <see cref="IStartCheck"/> that throws
/// this is tried again while the service runs and is not ready.
/// </summary>
/// <param name="store">The store's name, for anybody to read.</param>
/// <param name="reason">What is wrong and what to do, as sentences for the log.</param>
/// <param name="inner">The cause.</param>
public sealed class StoreAwayException(string store, string reason, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>The store's name, without its address.</summary>
    public string Store => store;
}
