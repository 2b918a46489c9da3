using System.Text.Json;
using System.Text.Unicode;

namespace Orders.Warehouse.Logs;

/// <summary>A record that cannot be typed: a line of a quarantine file.</summary>
internal sealed record RefusedRecord
{
    /// <summary>Why, for a person.</summary>
    public required string Reason { get; init; }

    /// <summary>The stream it came from.</summary>
    public required string StreamArn { get; init; }

    /// <summary>Its shard.</summary>
    public required string Shard { get; init; }

    /// <summary>Its sequence number, as the stream wrote it.</summary>
    public required string Sequence { get; init; }

    /// <summary>The stream's time; the epoch when it cannot be read.</summary>
    public required DateTimeOffset StreamedAt { get; init; }

    /// <summary>The whole record, as it came.</summary>
    public required ReadOnlyMemory<byte> Record { get; init; }

    /// <summary>The UTC day by which files are parted.</summary>
    public DateOnly Day => DateOnly.FromDateTime(StreamedAt.UtcDateTime);

    /// <summary>Writes it as one line of JSON, without the line break. The record is an object in it, which
    /// a person can mend; one that cannot stand in a line of UTF-8 is written as base64.</summary>
    /// <param name="output">Where to.</param>
    public void Write(Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("reason"u8, Reason);
        json.WriteString("stream_arn"u8, StreamArn);
        json.WriteString("shard"u8, Shard);
        json.WriteString("sequence"u8, Sequence);
        json.WriteString("streamed_at"u8, StreamedAt);
        if (Utf8.IsValid(Record.Span))
        {
            // No string of JSON has a line break in it: those between its parts may be spaces.
            var line = Record.ToArray();
            line.AsSpan().Replace((byte)'\n', (byte)' ');
            line.AsSpan().Replace((byte)'\r', (byte)' ');
            json.WritePropertyName("record"u8);
            json.WriteRawValue(line, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("record_base64"u8, Record.Span);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its break.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static RefusedRecord Read(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        try
        {
            var root = document.RootElement;
            return new()
            {
                Reason = root.GetProperty("reason").GetString()!,
                StreamArn = root.GetProperty("stream_arn").GetString()!,
                Shard = root.GetProperty("shard").GetString()!,
                Sequence = root.GetProperty("sequence").GetString()!,
                StreamedAt = root.GetProperty("streamed_at").GetDateTimeOffset(),
                Record = root.TryGetProperty("record", out var record) ? System.Text.Encoding.UTF8.GetBytes(record.GetRawText()) : root.GetProperty("record_base64").GetBytesFromBase64(),
            };
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"A line of the quarantine cannot be read: {broken.Message}", broken);
        }
    }
}
