using System.Text.Json;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Lets no answer of success through that is not one whole JSON object. What says an error in whatever form
/// is for the SDK to read.
/// </summary>
internal sealed class DynamoDbAnswers : DelegatingHandler
{
    // An item nests 32 levels, each with its type tag.
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
    /// Whether a body is one JSON object; one of GetItem must say what it says of an item.
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
            // Reads on: nothing may follow.
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
