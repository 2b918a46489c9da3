namespace Orders.Api.Store;

/// <summary>
/// Exponential backoff with full jitter, so that requests that collided once do not collide again.
/// </summary>
internal static class Backoff
{
    private const int FirstMilliseconds = 10;
    private const int LongestMilliseconds = 320;

    /// <summary>Full jitter: anything from nothing up to 10 ms, 20 ms, 40 ms … 320 ms.</summary>
    /// <param name="tries">The number of failed attempts, from 1.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Delay(int tries, double random) =>
        TimeSpan.FromMilliseconds(random * Math.Min(LongestMilliseconds, FirstMilliseconds * Math.Pow(2, tries - 1)));

    /// <summary>Waits while no call is running.</summary>
    /// <param name="tries">The number of failed attempts, from 1.</param>
    /// <param name="time">The clock of the wait.</param>
    /// <param name="cancellationToken">The request's time.</param>
    /// <param name="random">From 0 to 1; random by default.</param>
    /// <exception cref="StoreException">The request's time is over first.</exception>
    public static async Task WaitAsync(int tries, TimeProvider time, CancellationToken cancellationToken, double? random = null)
    {
        try
        {
            await Task.Delay(Delay(tries, random ?? Random.Shared.NextDouble()), time, cancellationToken);
        }
        catch (OperationCanceledException timeIsUp)
        {
            throw new StoreException("the request's time is up", mayBeCarriedOut: false, timeIsUp);
        }
    }
}
