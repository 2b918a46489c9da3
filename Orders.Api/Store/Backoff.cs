namespace Orders.Api.Store;

/// <summary>Waits between tries: longer each time, and by a random part, so that those who collided once do not collide again.</summary>
internal static class Backoff
{
    private const int FirstMilliseconds = 10;
    private const int LongestMilliseconds = 320;

    /// <summary>Full jitter: anything from nothing up to 10 ms, 20 ms, 40 ms … 320 ms.</summary>
    /// <param name="tries">How many tries have failed, from 1.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Delay(int tries, double random) =>
        TimeSpan.FromMilliseconds(random * Math.Min(LongestMilliseconds, FirstMilliseconds * Math.Pow(2, tries - 1)));

    public static Task WaitAsync(int tries, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Delay(Delay(tries, Random.Shared.NextDouble()), time, cancellationToken);
}
