using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orders.Warehouse.Tables;

/// <summary>Rows and keys as JSON. Each value is its text in Postgres, and so exact, or null.</summary>
internal static class RowJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A row: an object of all columns. One whose value is not known is left out.</summary>
    public static string Row(IReadOnlyList<TableColumn> columns, string?[] values) => Write(json =>
    {
        json.WriteStartObject();
        for (var column = 0; column < columns.Count; column++)
        {
            if (!TableRow.IsUnchanged(values[column]))
            {
                json.WriteString(columns[column].Name, values[column]);
            }
        }

        json.WriteEndObject();
    });

    /// <summary>An array of texts: a key, or a list.</summary>
    public static string List(IEnumerable<string?> values) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    });

    /// <summary>Reads a row.</summary>
    public static Dictionary<string, string?> Read(string row) => JsonSerializer.Deserialize<Dictionary<string, string?>>(row)!;

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
