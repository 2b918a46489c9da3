using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>
/// The response of GetRecords, read in one pass over its UTF-8.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
/// </summary>
internal static class RecordsAnswer
{
    /// <exception cref="StreamsException">The text is not a response of GetRecords:
    /// <see cref="StreamsFailure.Malformed"/>, never an empty page.</exception>
    public static RecordPage Read(ReadOnlyMemory<byte> json, byte[] pooled)
    {
        try
        {
            List<StreamRecord>? records = null;
            string? next = null;
            var reader = new Utf8JsonReader(json.Span, AnswerShape.Reading);
            RecordAnswer.Require(ref reader, JsonTokenType.StartObject, "the answer", "an object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("Records"u8))
                {
                    records = ReadRecords(ref reader, json);
                }
                else if (reader.ValueTextEquals("NextShardIterator"u8))
                {
                    next = RecordAnswer.ReadText(ref reader);
                    _ = next is "" ? throw AnswerShape.Wrong("NextShardIterator", "a string that is not empty") : next;
                }
                else
                {
                    reader.Skip();
                }
            }

            // The reader itself throws when the end is missing or something follows it.
            _ = reader.Read();
            return records switch
            {
                null => throw AnswerShape.Wrong("Records", "there"),
                [] => new RecordPage([], next),
                _ => new RecordPage(records, next, pooled, json.Length),
            };
        }
        catch (Exception broken) when (StreamsAnswers.IsBroken(broken))
        {
            throw StreamsAnswers.Malformed("GetRecords", broken);
        }
    }

    private static List<StreamRecord> ReadRecords(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var records = new List<StreamRecord>();
        RecordAnswer.Require(ref reader, JsonTokenType.StartArray, "Records", "an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            records.Add(reader.TokenType == JsonTokenType.StartObject ? RecordAnswer.ReadOrPassOver(ref reader, json) : throw AnswerShape.Wrong("a record", "an object"));
        }

        return records;
    }
}
