using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orders.Warehouse.Embedded;

/// <summary>Writes the values of a column of DuckDB as JSON without losing a digit.</summary>
internal sealed partial class JsonCell
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";

    // A decimal of .NET has 28 digits, one of DuckDB up to 38.
    private const int Digits = 28;

    private readonly bool _isMoment;
    private readonly string? _format;
    private readonly decimal _largest = decimal.MaxValue;

    /// <param name="type">The column's type, as SQL.</param>
    public JsonCell(string type)
    {
        _isMoment = type.Contains("WITH TIME ZONE", StringComparison.Ordinal);
        // As many digits after the point as the column has, zeros too.
        _format = PlainDecimal().Match(type) is { Success: true } plain ? $"F{plain.Groups["scale"].Value}" : null;
        foreach (Match wide in WideDecimal().Matches(type))
        {
            var scale = int.Parse(wide.Groups["scale"].ValueSpan, CultureInfo.InvariantCulture);
            var largest = scale >= Digits ? 0 : decimal.Parse($"1e{Digits - scale}", NumberStyles.Float, CultureInfo.InvariantCulture);
            _largest = Math.Min(_largest, largest);
        }
    }

    /// <summary>Writes one.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">As DuckDB.NET gives it.</param>
    /// <exception cref="OverflowException">It has more digits than can be carried.</exception>
    public void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case decimal number when Math.Abs(number) >= _largest:
                throw new OverflowException($"it has more than {Digits} digits");
            case decimal number:
                json.WriteRawValue(number.ToString(_format, CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger:
                json.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            case double or float:
                WriteFloat(json, Convert.ToDouble(value, CultureInfo.InvariantCulture), ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                json.WriteStringValue(time.ToString(Instant, CultureInfo.InvariantCulture) + (_isMoment ? "Z" : ""));
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture) + "Z");
                break;
            case DateOnly day:
                json.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case TimeOnly time:
                json.WriteStringValue(time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                break;
            case Stream blob:
                WriteBlob(json, blob);
                break;
            case IDictionary map:
                WriteMap(json, map);
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(value is IFormattable other ? other.ToString(null, CultureInfo.InvariantCulture) : value.ToString());
                break;
        }
    }

    // JSON has no NaN and no infinity.
    private static void WriteFloat(Utf8JsonWriter json, double number, string text)
    {
        if (double.IsFinite(number))
        {
            json.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    private static void WriteBlob(Utf8JsonWriter json, Stream blob)
    {
        using var bytes = new MemoryStream();
        blob.CopyTo(bytes);
        json.WriteStringValue(Convert.ToHexStringLower(bytes.ToArray()));
    }

    private void WriteMap(Utf8JsonWriter json, IDictionary map)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            json.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "");
            Write(json, entry.Value);
        }

        json.WriteEndObject();
    }

    [GeneratedRegex(@"DECIMAL\((29|3\d),(?<scale>\d+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WideDecimal();

    [GeneratedRegex(@"^DECIMAL\(\d+,(?<scale>\d+)\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainDecimal();
}
