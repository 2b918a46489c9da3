using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orders.Tests.Infra;

/// <summary>One resource of a template.</summary>
internal sealed partial class Resource(string name, JsonElement json)
{
    public string Name => name;

    /// <summary>
    /// Its name in the code, when it is a child of the stack itself: the name without the CDK's hash.
    /// </summary>
    public string Construct => Hash().Replace(name, "");

    public string Type => json.GetProperty(nameof(Type)).GetString()!;

    /// <summary>Undefined for a resource that has none.</summary>
    public JsonElement Properties => json.TryGetProperty(nameof(Properties), out var properties) ? properties : default;

    public string? DeletionPolicy => json.TryGetProperty(nameof(DeletionPolicy), out var policy) ? policy.GetString() : null;

    public IEnumerable<string> DependsOn => json.TryGetProperty(nameof(DependsOn), out var names) ? TemplateJson.Each(names).Select(each => each.GetString()!) : [];

    /// <summary>
    /// A property by its path, for example <c>StreamSpecification.StreamViewType</c>; undefined when it is
    /// not there.
    /// </summary>
    public JsonElement this[string path]
    {
        get
        {
            var at = Properties;
            foreach (var part in path.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
                {
                    return default;
                }
            }

            return at;
        }
    }

    public string Text(string path) => TemplateJson.Text(this[path]);

    public override string ToString() => name;

    [GeneratedRegex("[0-9A-F]{8}$", RegexOptions.None, 1_000)]
    private static partial Regex Hash();
}
