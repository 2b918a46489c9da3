using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>
/// GetRecords' answer, read in one pass over its UTF-8. Images are not decoded here: each becomes a slice that its consumer reads
/// once, straight into its own type.
/// </summary>
internal static class RecordsAnswer
{
    public static RecordPage Read(ReadOnlyMemory<byte> json, byte[] pooled)
    {
        try
        {
            var records = new List<StreamRecord>();
            string? next = null;
            var reader = new Utf8JsonReader(json.Span);
            _ = reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("Records"u8))
                {
                    _ = reader.Read();
                    while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                    {
                        records.Add(ReadRecord(ref reader, json));
                    }
                }
                else if (reader.ValueTextEquals("NextShardIterator"u8))
                {
                    _ = reader.Read();
                    next = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }

            return records.Count == 0 ? new RecordPage([], next) : new RecordPage(records, next, pooled, json.Length);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new StreamsException(StreamsFailure.Invalid, $"GetRecords' answer could not be read: {broken.Message}", broken);
        }
    }

    /// <summary>Reads one record by itself, as it was kept.</summary>
    public static StreamRecord ReadOne(ReadOnlyMemory<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            _ = reader.Read();
            return ReadRecord(ref reader, json);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new FormatException($"not a record of a stream: {broken.Message}", broken);
        }
    }

    private static StreamRecord ReadRecord(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        string? eventId = null;
        string? sequenceNumber = null;
        StreamEvent? what = null;
        var timeToLive = false;
        ReadOnlyMemory<byte> keys = default, oldImage = default, newImage = default;
        DateTimeOffset created = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("eventID"u8))
            {
                _ = reader.Read();
                eventId = reader.GetString();
            }
            else if (reader.ValueTextEquals("eventName"u8))
            {
                _ = reader.Read();
                what = reader.ValueTextEquals("INSERT"u8) ? StreamEvent.Insert
                    : reader.ValueTextEquals("MODIFY"u8) ? StreamEvent.Modify
                    : reader.ValueTextEquals("REMOVE"u8) ? StreamEvent.Remove
                    : throw new JsonException($"unknown eventName '{reader.GetString()}'");
            }
            else if (reader.ValueTextEquals("userIdentity"u8))
            {
                timeToLive = IsTimeToLive(Slice(ref reader, json));
            }
            else if (reader.ValueTextEquals("dynamodb"u8))
            {
                _ = reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    if (reader.ValueTextEquals("Keys"u8))
                    {
                        keys = Slice(ref reader, json);
                    }
                    else if (reader.ValueTextEquals("NewImage"u8))
                    {
                        newImage = Slice(ref reader, json);
                    }
                    else if (reader.ValueTextEquals("OldImage"u8))
                    {
                        oldImage = Slice(ref reader, json);
                    }
                    else if (reader.ValueTextEquals("SequenceNumber"u8))
                    {
                        _ = reader.Read();
                        sequenceNumber = reader.GetString();
                    }
                    else if (reader.ValueTextEquals("ApproximateCreationDateTime"u8))
                    {
                        _ = reader.Read();
                        created = DateTimeOffset.UnixEpoch.AddSeconds((double)reader.GetDecimal());
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return new StreamRecord
        {
            EventId = eventId ?? sequenceNumber ?? throw new JsonException("a record without eventID"),
            Event = what ?? throw new JsonException("a record without eventName"),
            SequenceNumber = sequenceNumber ?? throw new JsonException("a record without SequenceNumber"),
            Keys = keys,
            OldImage = oldImage,
            NewImage = newImage,
            Json = json[start..(int)reader.BytesConsumed],
            ApproximateCreation = created,
            IsTimeToLive = timeToLive,
        };
    }

    private static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        _ = reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return reader.TokenType == JsonTokenType.Null ? default : json[start..(int)reader.BytesConsumed];
    }

    private static bool IsTimeToLive(ReadOnlyMemory<byte> identity)
    {
        if (identity.IsEmpty)
        {
            return false;
        }

        using var document = JsonDocument.Parse(identity);
        var root = document.RootElement;
        return Has(root, "Type", "Service") && Has(root, "PrincipalId", "dynamodb.amazonaws.com");

        // The service's own spelling differs between its API (PrincipalId) and its Lambda events (principalId).
        static bool Has(JsonElement root, string name, string value) =>
            (root.TryGetProperty(name, out var found) || root.TryGetProperty(char.ToLowerInvariant(name[0]) + name[1..], out found)) && found.ValueEquals(value);
    }
}
