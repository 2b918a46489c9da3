using System.Text;
using System.Text.Json;
using Orders.Domain.Fields;

namespace Orders.Domain.Item;

/// <summary>
/// Reads DynamoDB JSON directly from UTF-8, without a map of attributes: the hot path of every stream
/// record. Names are looked up, not allocated. Texts are passed on as characters, and only those that are
/// kept become strings.
/// </summary>
internal static class DynamoJsonReader
{
    // Enough for a number's digits and nearly every text. A longer text becomes a string first.
    private const int BufferLength = 128;

    private static readonly (byte[] Utf8, string Name)[] Names =
        [.. OrderFields.Attributes.Concat(LineFields.Attributes).Select(rule => (Encoding.UTF8.GetBytes(rule.Name), rule.Name))];

    // Grouped by length, so that a name is compared with only two or three others.
    private static readonly (byte[] Utf8, string Name)[][] NamesByLength =
        [.. Enumerable.Range(0, Names.Max(entry => entry.Utf8.Length) + 1).Select(length => Array.FindAll(Names, entry => entry.Utf8.Length == length))];

    public static OrderDraft Read(ReadOnlySpan<byte> item)
    {
        var draft = new OrderDraft();
        try
        {
            var reader = new Utf8JsonReader(item, new JsonReaderOptions { MaxDepth = OrderItem.JsonDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                draft.Fail(OrderDraft.UnreadableItem, "is not a JSON object");
                return draft;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Name(ref reader);
                ReadAttribute(ref reader, name, draft);
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-16, which the reader detects only
            // when its text is read.
            draft.Fail(OrderDraft.UnreadableItem, $"is not DynamoDB JSON: {broken.Message}");
        }

        return draft;
    }

    private static void ReadAttribute(ref Utf8JsonReader reader, string? name, OrderDraft draft)
    {
        if (name is null)
        {
            reader.Skip();
            return;
        }

        Span<char> buffer = stackalloc char[BufferLength];
        Enter(ref reader);
        if (reader.ValueTextEquals("S"u8))
        {
            if (reader.Read() && reader.TokenType != JsonTokenType.Null)
            {
                draft.SetString(name, Text(in reader, buffer));
            }
        }
        else if (reader.ValueTextEquals("N"u8))
        {
            _ = reader.Read();
            draft.SetNumber(name, NumberText(in reader, buffer));
        }
        else if (name == OrderAttributes.Items && reader.ValueTextEquals("L"u8))
        {
            ReadLines(ref reader, draft);
        }
        else
        {
            if (!reader.ValueTextEquals("NULL"u8))
            {
                draft.FailType(name, reader.GetString()!);
            }

            reader.Skip();
        }

        Leave(ref reader);
    }

    private static void ReadLines(ref Utf8JsonReader reader, OrderDraft draft)
    {
        Span<char> buffer = stackalloc char[BufferLength];
        _ = reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var line = default(LineDraft);
            _ = reader.Read();
            if (reader.ValueTextEquals("M"u8))
            {
                _ = reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    ReadLineAttribute(ref reader, Name(ref reader), ref line, buffer);
                }
            }
            else
            {
                line.FailType(reader.GetString()!);
                reader.Skip();
            }

            Leave(ref reader);
            draft.AddLine(line);
        }
    }

    private static void ReadLineAttribute(ref Utf8JsonReader reader, string? name, ref LineDraft line, scoped Span<char> buffer)
    {
        if (name is null)
        {
            reader.Skip();
            return;
        }

        Enter(ref reader);
        if (reader.ValueTextEquals("S"u8))
        {
            if (reader.Read() && reader.TokenType != JsonTokenType.Null)
            {
                line.SetString(name, Text(in reader, buffer));
            }
        }
        else if (reader.ValueTextEquals("N"u8))
        {
            _ = reader.Read();
            line.SetNumber(name, NumberText(in reader, buffer));
        }
        else
        {
            if (!reader.ValueTextEquals("NULL"u8))
            {
                line.FailType(name, reader.GetString()!);
            }

            reader.Skip();
        }

        Leave(ref reader);
    }

    /// <summary>Moves from an attribute's name to the type tag inside its one-member object.</summary>
    private static void Enter(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            throw new JsonException("an attribute's value is not an object of one type");
        }
    }

    private static void Leave(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)
        {
            throw new JsonException("an attribute's value has more than one type");
        }
    }

    private static ReadOnlySpan<char> Text(in Utf8JsonReader reader, Span<char> buffer) => TryCopy(in reader, buffer, out var text) ? text : reader.GetString();

    /// <summary>
    /// A number's digits. DynamoDB's have at most 38; text that does not fit the buffer is not a number, and
    /// the result is empty.
    /// </summary>
    private static ReadOnlySpan<char> NumberText(in Utf8JsonReader reader, Span<char> buffer) => TryCopy(in reader, buffer, out var text) ? text : [];

    private static bool TryCopy(in Utf8JsonReader reader, Span<char> buffer, out ReadOnlySpan<char> text)
    {
        text = default;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > buffer.Length)
        {
            return false;
        }

        text = buffer[..reader.CopyString(buffer)];
        return true;
    }

    private static string? Name(ref Utf8JsonReader reader)
    {
        // An escaped name is longer than the unescaped one.
        var length = reader.ValueSpan.Length;
        foreach (var (utf8, name) in reader.ValueIsEscaped ? Names : length < NamesByLength.Length ? NamesByLength[length] : [])
        {
            if (reader.ValueTextEquals(utf8))
            {
                return name;
            }
        }

        return null;
    }
}
