using System.Text.Json;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Rejects successful responses that are not one complete JSON object. Error responses are left to the SDK.
/// </summary>
internal sealed class DynamoDbAnswers : DelegatingHandler
{
    // An item may nest 32 levels, each with its type tag.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 128 };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            var status = (int)response.StatusCode;
            if (status < 400 && (!response.IsSuccessStatusCode || !IsWhole(await response.Content.ReadAsByteArrayAsync(cancellationToken), Operation(request))))
            {
                throw new HttpRequestException(HttpRequestError.InvalidResponse, $"What answers with status {status} is not DynamoDB.");
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether a body is one JSON object; for GetItem it must be empty or have exactly one Item.
    /// </summary>
    internal static bool IsWhole(ReadOnlySpan<byte> body, string operation)
    {
        try
        {
            var json = new Utf8JsonReader(body, Deep);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            var (members, items) = (0, 0);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                members++;
                var isItem = json.ValueTextEquals("Item"u8);
                _ = json.Read();
                items += isItem && json.TokenType == JsonTokenType.StartObject ? 1 : 0;
                json.Skip();
            }
            // Reads to the end: nothing may follow.
            return !json.Read() && (operation != "GetItem" || members == 0 || items == 1);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Operation(HttpRequestMessage request)
    {
        var target = request.Headers.TryGetValues("X-Amz-Target", out var values) ? values.FirstOrDefault() ?? "" : "";
        return target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..];
    }
}
