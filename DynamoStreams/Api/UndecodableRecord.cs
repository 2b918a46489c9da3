using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>Reads what it can from a record that cannot be decoded (a poison record).</summary>
internal static class UndecodableRecord
{
    /// <summary>Reads the sequence number and, where possible, the keys.</summary>
    /// <param name="json">The record, well-formed JSON.</param>
    /// <param name="reason">Why it cannot be decoded.</param>
    /// <returns>Null when it has no sequence number: reading could not continue after it.</returns>
    public static StreamRecord? Read(ReadOnlyMemory<byte> json, string reason)
    {
        using var document = AnswerShape.Parse(json);
        if (!TryFind(document.RootElement, "dynamodb", JsonValueKind.Object, out var change)
            || !TryFind(change, "SequenceNumber", JsonValueKind.String, out var number)
            || Text(number) is not { } sequenceNumber || !SequenceNumber.IsOne(sequenceNumber))
        {
            return null;
        }

        return new StreamRecord
        {
            EventId = TryFind(document.RootElement, "eventID", JsonValueKind.String, out var id) && Text(id) is { } eventId ? eventId : sequenceNumber,
            Event = StreamEvent.Modify,
            SequenceNumber = sequenceNumber,
            Keys = TryFind(change, "Keys", JsonValueKind.Object, out var keys) ? JsonSerializer.SerializeToUtf8Bytes(keys) : default,
            OldImage = default,
            NewImage = default,
            Json = json,
            ApproximateCreation = default,
            IsTimeToLive = false,
            Undecodable = reason,
        };
    }

    private static bool TryFind(JsonElement parent, string name, JsonValueKind kind, out JsonElement found) => parent.TryGetProperty(name, out found) && found.ValueKind == kind;

    private static string? Text(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            // Invalid UTF-8, or half of a surrogate pair.
            return null;
        }
    }
}
