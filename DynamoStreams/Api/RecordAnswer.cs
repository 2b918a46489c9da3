using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>
/// Decodes one record. The images are not decoded here: each is a slice of the buffer, which the handler
/// reads directly into its own type.
/// </summary>
internal static class RecordAnswer
{
    /// <summary>Reads a single record from stored JSON.</summary>
    public static StreamRecord Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span, AnswerShape.Reading);
            Require(ref reader, JsonTokenType.StartObject, "a record", "an object");
            return ReadOrPassOver(ref reader, json);
        }
        catch (Exception broken) when (StreamsAnswers.IsBroken(broken))
        {
            throw new FormatException($"not a record of a stream: {broken.Message}", broken);
        }
    }

    /// <summary>
    /// Reads a record of a page. A record that cannot be decoded does not affect the others of the page, as
    /// long as it has a sequence number.
    /// </summary>
    public static StreamRecord ReadOrPassOver(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var begun = reader;
        try
        {
            return Read(ref reader, json);
        }
        catch (Exception broken) when (StreamsAnswers.IsBroken(broken))
        {
            reader = begun;
            reader.Skip();
            var record = json[(int)begun.TokenStartIndex..(int)reader.BytesConsumed];
            if (UndecodableRecord.Read(record, broken.Message) is { } undecodable)
            {
                return undecodable;
            }

            throw;
        }
    }

    private static StreamRecord Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        string? eventId = null;
        StreamEvent? what = null;
        var timeToLive = false;
        Change change = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("eventID"u8))
            {
                eventId = ReadText(ref reader);
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
                timeToLive = IsTimeToLive(ReadObject(ref reader, json, "userIdentity"));
            }
            else if (reader.ValueTextEquals("dynamodb"u8))
            {
                change = ReadChange(ref reader, json);
            }
            else
            {
                reader.Skip();
            }
        }

        var sequenceNumber = change.SequenceNumber is { } number && SequenceNumber.IsOne(number) ? number : throw AnswerShape.Wrong("SequenceNumber", "a number");
        return new StreamRecord
        {
            EventId = eventId ?? sequenceNumber,
            Event = what ?? throw AnswerShape.Wrong("eventName", "there"),
            SequenceNumber = sequenceNumber,
            Keys = change.Keys.IsEmpty ? throw AnswerShape.Wrong("Keys", "there") : change.Keys,
            OldImage = change.OldImage,
            NewImage = change.NewImage,
            Json = json[start..(int)reader.BytesConsumed],
            ApproximateCreation = change.Created,
            IsTimeToLive = timeToLive,
        };
    }

    private static Change ReadChange(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        Change change = default;
        Require(ref reader, JsonTokenType.StartObject, "dynamodb", "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Keys"u8))
            {
                change.Keys = ReadObject(ref reader, json, "Keys");
            }
            else if (reader.ValueTextEquals("NewImage"u8))
            {
                change.NewImage = ReadObject(ref reader, json, "NewImage");
            }
            else if (reader.ValueTextEquals("OldImage"u8))
            {
                change.OldImage = ReadObject(ref reader, json, "OldImage");
            }
            else if (reader.ValueTextEquals("SequenceNumber"u8))
            {
                change.SequenceNumber = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("ApproximateCreationDateTime"u8))
            {
                _ = reader.Read();
                change.Created = DateTimeOffset.UnixEpoch.AddSeconds((double)reader.GetDecimal());
            }
            else
            {
                reader.Skip();
            }
        }

        return change;
    }

    public static void Require(ref Utf8JsonReader reader, JsonTokenType token, string name, string kind)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw AnswerShape.Wrong(name, kind);
        }
    }

    /// <summary>The string, or null for a JSON null. The reader throws on any other type.</summary>
    public static string? ReadText(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        return reader.GetString();
    }

    private static ReadOnlyMemory<byte> ReadObject(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, string name)
    {
        _ = reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return reader.TokenType switch
        {
            JsonTokenType.Null => default,
            JsonTokenType.EndObject => json[start..(int)reader.BytesConsumed],
            _ => throw AnswerShape.Wrong(name, "an object"),
        };
    }

    private static bool IsTimeToLive(ReadOnlyMemory<byte> identity)
    {
        if (identity.IsEmpty)
        {
            return false;
        }

        using var document = AnswerShape.Parse(identity);
        var root = document.RootElement;
        return Has(root, "Type", "Service") && Has(root, "PrincipalId", "dynamodb.amazonaws.com");

        // The API reference writes PrincipalId, the events that Lambda receives have principalId.
        // https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/Identity
        static bool Has(JsonElement root, string name, string value) =>
            (root.TryGetProperty(name, out var found) || root.TryGetProperty(char.ToLowerInvariant(name[0]) + name[1..], out found)) && found.ValueEquals(value);
    }

    private struct Change
    {
        public string? SequenceNumber;
        public ReadOnlyMemory<byte> Keys;
        public ReadOnlyMemory<byte> OldImage;
        public ReadOnlyMemory<byte> NewImage;
        public DateTimeOffset Created;
    }
}
