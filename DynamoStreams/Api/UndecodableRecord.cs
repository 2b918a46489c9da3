using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>What can be made out of a record that cannot be decoded.</summary>
internal static class UndecodableRecord
{
    /// <summary>Makes it out.</summary>
    /// <param name="json">The record, well-formed JSON.</param>
    /// <param name="reason">Why it cannot be decoded.</param>
    /// <returns>Null if it has no sequence number: reading could not continue after it.</returns>
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
            // No valid UTF-8, or half a surrogate pair.
            return null;
        }
    }
}
