using System.Text.Json;

namespace Orders.Query.Http;

/// <summary>Why one of many is not in a response: it fails alone.</summary>
/// <param name="Id">The id as it was requested; in a page, the order.</param>
/// <param name="Problem">The rest of a sentence that begins with the id.</param>
internal sealed record ListProblem(string Id, string Problem)
{
    /// <summary>Writes <c>problems</c> into a response; nothing if there are none.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ListProblem> problems)
    {
        if (problems is [])
        {
            return;
        }

        json.WriteStartArray("problems"u8);
        foreach (var (id, problem) in problems)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("problem"u8, problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
