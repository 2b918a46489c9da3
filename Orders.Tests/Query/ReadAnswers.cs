using System.Net;
using System.Text.Json;
using Orders.Tests.ServiceDefaults;
using Shouldly;

namespace Orders.Tests.Query;

/// <summary>Asks, and takes the answer apart.</summary>
internal static class ReadAnswers
{
    /// <summary>The JSON of a 200.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>A 404 without what differs from request to request.</summary>
    public static async Task<string> NotFoundAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        return (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!;
    }

    /// <summary>The errors of a 400, by the parameter.</summary>
    public static async Task<Dictionary<string, string>> ErrorsAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        return (await TestService.ProblemAsync(answer)).GetProperty("errors").EnumerateObject()
            .ToDictionary(error => error.Name, error => error.Value[0].GetString()!, StringComparer.Ordinal);
    }

    public static IEnumerable<string> Texts(this JsonElement array, string member) => array.EnumerateArray().Select(item => item.GetProperty(member).GetString()!);
}
