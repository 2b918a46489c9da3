using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DynamoStreams.Api;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>Reads records as changes of rows. Pure.</summary>
internal sealed class MappedReader<T>(JsonSerializerOptions options, IReadOnlyList<MappedColumn<T>> columns, (string Attribute, string Value)? only)
    where T : class
{
    private readonly MappedColumn<T>[] _keys = [.. columns.Where(column => column.Role == ColumnRole.Key)];
    private readonly JsonSerializerOptions _ofOldImages = LenientOf(options);

    /// <summary>The last state of each row.</summary>
    /// <param name="records">The records, in the stream's order.</param>
    /// <exception cref="JsonException">An item does not fit the type; the message names the
    /// member.</exception>
    /// <exception cref="FormatException">An image is not DynamoDB JSON, or a member of the key is
    /// null.</exception>
    public IReadOnlyCollection<MappedChange<T>> Read(IReadOnlyList<StreamRecord> records)
    {
        var newest = new Dictionary<string, MappedChange<T>>(StringComparer.Ordinal);
        var last = new Dictionary<string, StreamRecord>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            last[ItemKey.Of(record.Keys)] = record;
        }

        var lastOfItem = new HashSet<StreamRecord>(last.Values, ReferenceEqualityComparer.Instance);
        foreach (var record in records)
        {
            var place = BigInteger.Parse(record.SequenceNumber, NumberStyles.None, CultureInfo.InvariantCulture);
            var after = record.Event == StreamEvent.Remove ? null : ReadNew(record, isLast: lastOfItem.Contains(record));

            // An item that changes its kind or its mapped key must delete its old row.
            if (record.Event != StreamEvent.Insert && ReadOld(record) is { } before && (after is null || KeyOf(before) != KeyOf(after)))
            {
                Note(newest, new(before, place, IsDeletion: true));
            }

            if (after is not null)
            {
                Note(newest, new(after, place, IsDeletion: false));
            }
        }

        return newest.Values;
    }

    // By place, because dead letters may be stored in another order: what is read again comes behind them.
    private void Note(Dictionary<string, MappedChange<T>> newest, MappedChange<T> change)
    {
        var key = KeyOf(change.Item);
        if (!newest.TryGetValue(key, out var known) || known.Place <= change.Place)
        {
            newest[key] = change;
        }
    }

    // Only the last state of an item becomes a row. An earlier one that cannot be read is no obstacle: so an
    // item with dead letters is free again once it is mended or deleted in the table.
    private T? ReadNew(StreamRecord record, bool isLast)
    {
        try
        {
            return Read(record.NewImage, options);
        }
        catch (Exception broken) when (broken is JsonException or FormatException && !isLast)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads the item before the change. Only its key matters. An item that could not be read when it was
    /// written has no row, so a change of it needs no deletion.
    /// </summary>
    private T? ReadOld(StreamRecord record)
    {
        try
        {
            return Read(record.OldImage, _ofOldImages);
        }
        catch (Exception broken) when (broken is JsonException or FormatException && record.Event == StreamEvent.Modify)
        {
            return null;
        }
    }

    private static JsonSerializerOptions LenientOf(JsonSerializerOptions options) =>
        new(options) { RespectNullableAnnotations = false, RespectRequiredConstructorParameters = false, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private T? Read(ReadOnlyMemory<byte> image, JsonSerializerOptions by)
    {
        if (image.IsEmpty)
        {
            return null;
        }

        using var item = JsonDocument.Parse(PlainJson.Of(image), new() { MaxDepth = options.MaxDepth });
        if (only is { } kind && !(item.RootElement.TryGetProperty(kind.Attribute, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(kind.Value)))
        {
            return null;
        }

        try
        {
            return item.RootElement.Deserialize<T>(by);
        }
        catch (JsonException broken) when (broken.Path is { Length: > 1 } path && !broken.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new JsonException($"{broken.Message} ({path})", broken);
        }
    }

    private string KeyOf(T item) => JsonSerializer.Serialize(_keys.Select(key => key.Comparable(item) ?? throw new FormatException($"the item has no {key.Name}, which is of the row's key")));
}
