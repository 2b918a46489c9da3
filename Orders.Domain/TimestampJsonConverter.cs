using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Domain;

/// <summary>Writes times in the format of <see cref="Timestamp"/>; reads any ISO 8601 time.</summary>
public sealed class TimestampJsonConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[24];
        _ = Timestamp.TryFormat(value, text, out var written);
        writer.WriteStringValue(text[..written]);
    }
}
