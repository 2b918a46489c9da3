using System.Text.Json;

namespace Orders.Query.History;

/// <summary>The differences between two versions, field by field.</summary>
internal static class VersionDifference
{
    // These fields differ in every version.
    private static readonly string[] OfEveryVersion = ["version", "updated_at"];

    /// <summary>
    /// Writes <c>[{"field","from","to"}]</c>: empty for a placed order and for a deletion, null when the
    /// version before is unknown.
    /// </summary>
    public static void Write(Utf8JsonWriter json, StoredVersion? before, StoredVersion version)
    {
        var isPlaced = version.Change == "placed";
        if (!isPlaced && before is null && version.Revision > 1)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        if (!isPlaced && before is not null)
        {
            WriteFields(json, before.Body, version.Body);
        }

        json.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter json, byte[] before, byte[] after)
    {
        using var from = JsonDocument.Parse(before);
        using var to = JsonDocument.Parse(after);
        foreach (var field in to.RootElement.EnumerateObject())
        {
            // A field that an older order lacks counts as null.
            var had = from.RootElement.TryGetProperty(field.Name, out var old);
            if (OfEveryVersion.Contains(field.Name, StringComparer.Ordinal) || (had ? JsonElement.DeepEquals(old, field.Value) : field.Value.ValueKind == JsonValueKind.Null))
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("field"u8, field.Name);
            json.WritePropertyName("from"u8);
            if (had)
            {
                old.WriteTo(json);
            }
            else
            {
                json.WriteNullValue();
            }

            json.WritePropertyName("to"u8);
            field.Value.WriteTo(json);
            json.WriteEndObject();
        }
    }
}
