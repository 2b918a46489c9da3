using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orders.Bench.Overload;

/// <summary>
/// Sends requests at a rate, whether or not the last ones were answered: as the world does.
/// </summary>
internal static class OpenLoop
{
    // The pace is kept in steps that a timer can keep.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <param name="client">Sends them.</param>
    /// <param name="request">Makes the next one.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="stop">Ends the sending; the answers that are still to come are waited for.</param>
    public static async Task<IReadOnlyList<Answered>> RunAsync(HttpClient client, Func<HttpRequestMessage> request, double rate, CancellationToken stop)
    {
        var answers = new ConcurrentBag<Answered>();
        var under = new ConcurrentDictionary<long, Task>();
        var began = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(Step);
        var sent = 0L;
        try
        {
            while (await pace.WaitForNextTickAsync(stop))
            {
                for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate); sent < due; sent++)
                {
                    var own = sent;
                    under[own] = Task.Run(
                        async () =>
                        {
                            answers.Add(await Answered.AskAsync(client, request()));
                            under.TryRemove(own, out _);
                        },
                        CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the flood.
        }

        await Task.WhenAll(under.Values);
        return [.. answers];
    }
}
