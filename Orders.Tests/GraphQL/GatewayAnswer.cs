using System.Net.Http.Headers;
using System.Text.Json;

namespace Orders.Tests.GraphQL;

/// <summary>What the gateway answered.</summary>
/// <param name="Status">HTTP's.</param>
/// <param name="Body">The JSON.</param>
/// <param name="Headers">The answer's.</param>
internal sealed record GatewayAnswer(int Status, JsonElement Body, HttpResponseHeaders Headers)
{
    /// <summary>The first error.</summary>
    public JsonElement Error => Body.GetProperty("errors")[0];

    public string? Code => Error.GetProperty("extensions").GetProperty("code").GetString();

    public string Message => Error.GetProperty("message").GetString()!;

    public static async Task<GatewayAnswer> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        try
        {
            return new((int)answer.StatusCode, JsonElement.Parse(text), answer.Headers);
        }
        catch (JsonException failure)
        {
            throw new InvalidOperationException($"{answer.StatusCode}: not JSON: '{text}'", failure);
        }
    }
}
