using System.Text;
using System.Text.Json;

namespace Orders.Sync.Projection;

/// <summary>An item's primary key as one text: the members of a record's Keys come in any order.</summary>
internal static class ItemKey
{
    public static string Of(ReadOnlyMemory<byte> keys)
    {
        if (keys.IsEmpty)
        {
            return "";
        }

        try
        {
            using var document = JsonDocument.Parse(keys);
            return string.Join('|', document.RootElement.EnumerateObject().OrderBy(key => key.Name, StringComparer.Ordinal).Select(key => $"{key.Name}={Value(key.Value)}"));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(keys.Span);
        }
    }

    private static string Value(JsonElement typed) => typed.ValueKind == JsonValueKind.Object ? string.Concat(typed.EnumerateObject().Select(value => value.Value.ToString())) : typed.ToString();
}
