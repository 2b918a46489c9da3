using System.Globalization;
using System.Numerics;
using System.Text.Json;
using DynamoStreams.Api;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>Reads records as changes of rows. Pure.</summary>
internal sealed class MappedReader<T>(JsonSerializerOptions options, IReadOnlyList<MappedColumn<T>> columns, (string Attribute, string Value)? only)
    where T : class
{
    private readonly MappedColumn<T>[] _keys = [.. columns.Where(column => column.Role == ColumnRole.Key)];

    /// <summary>The last state of each row.</summary>
    /// <param name="records">The records, in the stream's order.</param>
    /// <exception cref="JsonException">An item does not fit the type; the message names the
    /// member.</exception>
    /// <exception cref="FormatException">An image is not DynamoDB JSON, or a member of the key is
    /// null.</exception>
    public IReadOnlyCollection<MappedChange<T>> Read(IReadOnlyList<StreamRecord> records)
    {
        var newest = new Dictionary<string, MappedChange<T>>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            var place = BigInteger.Parse(record.SequenceNumber, NumberStyles.None, CultureInfo.InvariantCulture);
            var after = record.Event == StreamEvent.Remove ? null : Read(record.NewImage);

            // An item that changes its kind or its mapped key must delete its old row.
            if (record.Event != StreamEvent.Insert && (after is null || !record.OldImage.IsEmpty) && Read(record.OldImage) is { } before && (after is null || KeyOf(before) != KeyOf(after)))
            {
                newest[KeyOf(before)] = new(before, place, IsDeletion: true);
            }

            if (after is not null)
            {
                newest[KeyOf(after)] = new(after, place, IsDeletion: false);
            }
        }

        return newest.Values;
    }

    private T? Read(ReadOnlyMemory<byte> image)
    {
        if (image.IsEmpty)
        {
            return null;
        }

        using var item = JsonDocument.Parse(PlainJson.Of(image), new() { MaxDepth = options.MaxDepth });
        return only is { } kind && !(item.RootElement.TryGetProperty(kind.Attribute, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(kind.Value))
            ? null
            : item.RootElement.Deserialize<T>(options);
    }

    private string KeyOf(T item) => JsonSerializer.Serialize(_keys.Select(key => key.Value(item) ?? throw new FormatException($"the item has no {key.Name}, which is of the row's key")));
}
