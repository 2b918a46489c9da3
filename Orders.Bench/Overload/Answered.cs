using System.Diagnostics;

namespace Orders.Bench.Overload;

/// <summary>What became of a request.</summary>
/// <param name="Status">Its status; 0 for a connection that broke.</param>
/// <param name="Milliseconds">Until the whole answer was there.</param>
/// <param name="SaysWhen">Whether it has Retry-After.</param>
internal readonly record struct Answered(int Status, double Milliseconds, bool SaysWhen)
{
    /// <summary>Whether it was done.</summary>
    public bool IsAccepted => Status is >= 200 and < 300;

    /// <summary>Whether it was told to come later.</summary>
    public bool IsRefused => Status is 429 or 503;

    public static async Task<Answered> AskAsync(HttpClient client, HttpRequestMessage request)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using (request)
            {
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
                await (await answer.Content.ReadAsStreamAsync(CancellationToken.None)).CopyToAsync(Stream.Null, CancellationToken.None);
                return new((int)answer.StatusCode, Stopwatch.GetElapsedTime(began).TotalMilliseconds, answer.Headers.RetryAfter is not null);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException or IOException)
        {
            return new(0, Stopwatch.GetElapsedTime(began).TotalMilliseconds, false);
        }
    }

    /// <summary>
    /// The response time that so large a share of them does not exceed, in milliseconds; 0 of none.
    /// </summary>
    public static double Percentile(IEnumerable<Answered> answers, double share) =>
        answers.Select(answer => answer.Milliseconds).Order().ToArray() is { Length: > 0 } sorted ? sorted[(int)((sorted.Length - 1) * share)] : 0;
}
