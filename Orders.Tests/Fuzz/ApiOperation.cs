using System.Text.Json;
using Json.Schema;

namespace Orders.Tests.Fuzz;

/// <summary>A parameter as the document describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
internal sealed record ApiParameter(string Name, string In);

/// <summary>A documented answer.</summary>
/// <param name="MediaType">Of the body; null for none.</param>
/// <param name="Schema">Of the body, or of each of its lines; null where the document gives none.</param>
internal sealed record ApiAnswer(string? MediaType, JsonSchema? Schema);

/// <summary>An operation as a service's OpenAPI document describes it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The route, with <c>{names}</c>.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Bodies">The schema of the body by media type; empty for none.</param>
/// <param name="Answers">The answers by status.</param>
internal sealed record ApiOperation(
    HttpMethod Method, string Path, IReadOnlyList<ApiParameter> Parameters, IReadOnlyDictionary<string, JsonElement> Bodies, IReadOnlyDictionary<int, ApiAnswer> Answers)
{
    public override string ToString() => $"{Method} {Path}";
}
