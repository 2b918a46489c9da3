using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Query.Totals;

/// <summary>Writes numbers with all of their digits.</summary>
internal sealed class ExactNumberJsonConverter : JsonConverter<ExactNumber>
{
    /// <summary>Answers are written only.</summary>
    public override ExactNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ExactNumber value, JsonSerializerOptions options) => writer.WriteRawValue(value.ToString());
}
