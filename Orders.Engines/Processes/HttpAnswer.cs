namespace Orders.Engines.Processes;

/// <summary>Asks whether something answers by HTTP yet.</summary>
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
