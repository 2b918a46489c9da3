using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Domain;
using Orders.Query.Http;

namespace Orders.Query.History;

/// <summary>The answer of <c>GET /v1/orders/{id}/history</c>, oldest first.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="MerchantId">The merchant of the order.</param>
/// <param name="Versions">Those of this page.</param>
/// <param name="NextAfterVersion">What to send as <c>after_version</c> for the next page, a revision; null
/// on the last one.</param>
internal sealed record HistoryPage(Guid OrderId, string MerchantId, IReadOnlyList<HistoryPage.Entry> Versions, long? NextAfterVersion)
{
    /// <summary>A version of the order.</summary>
    /// <param name="Version">1 for the first; a deletion has its own version.</param>
    /// <param name="Revision">Rises with every entry. It equals the version as long as every write raises
    /// the version and no id is reused.</param>
    /// <param name="Change"><c>placed</c>, <c>changed</c> or <c>deleted</c>.</param>
    /// <param name="ChangedAt">When.</param>
    /// <param name="Changes">The differences from the version before; null when unknown.</param>
    /// <param name="Order">The order in this version; for a deletion, its last state.</param>
    internal sealed record Entry(
        long Version,
        long Revision,
        string Change,
        [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset ChangedAt,
        IReadOnlyList<FieldChange>? Changes,
        Order Order);

    /// <summary>A field that changed.</summary>
    /// <param name="Field">Its name in the order.</param>
    /// <param name="From">Its value before.</param>
    /// <param name="To">Its value since.</param>
    internal sealed record FieldChange(string Field, JsonElement From, JsonElement To);

    /// <summary>Writes it, for <see cref="StreamedJson{TAnswer}"/>.</summary>
    public static IEnumerable<bool> Write(Utf8JsonWriter json, OrderHistory history)
    {
        json.WriteStartObject();
        json.WriteString("order_id"u8, history.OrderId);
        json.WriteString("merchant_id"u8, history.MerchantId);
        json.WriteStartArray("versions"u8);
        foreach (var version in history.Versions)
        {
            Write(json, version, history.Before(version));
            yield return true;
        }

        json.WriteEndArray();
        json.WritePropertyName("next_after_version"u8);
        if (history.NextAfterRevision is { } next)
        {
            json.WriteNumberValue(next);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StoredVersion version, StoredVersion? before)
    {
        json.WriteStartObject();
        json.WriteNumber("version"u8, version.Version);
        json.WriteNumber("revision"u8, version.Revision);
        json.WriteString("change"u8, version.Change);
        json.WriteString("changed_at"u8, Timestamp.Text(version.ChangedAt));
        json.WritePropertyName("changes"u8);
        VersionDifference.Write(json, before, version);
        json.WritePropertyName("order"u8);
        json.WriteRawValue(version.Body, skipInputValidation: true);
        json.WriteEndObject();
    }
}
