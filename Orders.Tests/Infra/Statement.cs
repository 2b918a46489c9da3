using System.Text.Json;

namespace Orders.Tests.Infra;

/// <summary>
/// One statement of any policy in a template, wherever it stands: policies, roles, buckets, topics,
/// endpoints.
/// </summary>
internal sealed class Statement(Resource holder, JsonElement json)
{
    public bool Allows => json.GetProperty("Effect").GetString() == "Allow";

    public IEnumerable<string> Actions => json.TryGetProperty("Action", out var actions) ? TemplateJson.Each(actions).Select(TemplateJson.Text) : ["everything by NotAction"];

    /// <summary>Empty where the policy belongs to a resource, or says who may take a role.</summary>
    public IEnumerable<string> Resources => json.TryGetProperty("Resource", out var resources) ? TemplateJson.Each(resources).Select(TemplateJson.Text)
        : json.TryGetProperty("NotResource", out _) ? ["everything by NotResource"] : [];

    public bool IsHeldBy(string role) => holder["Roles"] is { ValueKind: JsonValueKind.Array } roles && roles.EnumerateArray().Any(each => TemplateJson.Target(each) == role);

    public static IEnumerable<Statement> All(TemplateJson template) =>
        template.All.SelectMany(resource => Find(resource.Properties).Select(statement => new Statement(resource, statement)));

    public override string ToString() => $"{holder}: {json.GetRawText()}";

    private static IEnumerable<JsonElement> Find(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when value.TryGetProperty("Effect", out _) => [value],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(each => Find(each.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Find),
        _ => [],
    };
}
