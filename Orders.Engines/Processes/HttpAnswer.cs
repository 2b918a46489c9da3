namespace Orders.Engines.Processes;

/// <summary>Checks whether a server responds over HTTP yet.</summary>
internal static class HttpAnswer
{
    public static async Task<bool> IsThereAsync(HttpClient http, Uri page, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(page, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
