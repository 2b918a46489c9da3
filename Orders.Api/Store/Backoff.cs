namespace Orders.Api.Store;

/// <summary>
/// Waits between tries: longer each time, and by a random part, so that those who collided once do not
/// collide again.
/// </summary>
internal static class Backoff
{
    private const int FirstMilliseconds = 10;
    private const int LongestMilliseconds = 320;

    /// <summary>Full jitter: anything from nothing up to 10 ms, 20 ms, 40 ms … 320 ms.</summary>
    /// <param name="tries">How many tries have failed, from 1.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Delay(int tries, double random) =>
        TimeSpan.FromMilliseconds(random * Math.Min(LongestMilliseconds, FirstMilliseconds * Math.Pow(2, tries - 1)));

    /// <summary>Waits where nothing is under way.</summary>
    /// <param name="tries">How many tries have failed, from 1.</param>
    /// <param name="time">The clock of the wait.</param>
    /// <param name="cancellationToken">The request's time.</param>
    /// <param name="random">From 0 to 1; by chance when it is not given.</param>
    /// <exception cref="StoreException">The time is up first.</exception>
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
