using System.Text.Json;

namespace Orders.Query.Http;

/// <summary>Why one of many is not in an answer: it fails alone.</summary>
/// <param name="Id">What was asked for, as it was written; of a page, the order.</param>
/// <param name="Problem">A sentence that goes on from it.</param>
internal sealed record ListProblem(string Id, string Problem)
{
    /// <summary>Writes <c>problems</c> into an answer; nothing where there are none.</summary>
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
