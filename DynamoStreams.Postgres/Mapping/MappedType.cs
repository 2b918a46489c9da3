using System.Text.Json;
using NpgsqlTypes;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>The Postgres type that holds a .NET type without loss.</summary>
/// <param name="Sql">Its name in SQL.</param>
/// <param name="DbType">Its name in Npgsql.</param>
internal sealed record MappedType(string Sql, NpgsqlDbType DbType)
{
    private static readonly Dictionary<Type, MappedType> All = new()
    {
        [typeof(string)] = new("text", NpgsqlDbType.Text),
        [typeof(bool)] = new("boolean", NpgsqlDbType.Boolean),
        [typeof(int)] = new("integer", NpgsqlDbType.Integer),
        [typeof(long)] = new("bigint", NpgsqlDbType.Bigint),
        [typeof(decimal)] = new("numeric", NpgsqlDbType.Numeric),
        [typeof(double)] = new("double precision", NpgsqlDbType.Double),
        [typeof(Guid)] = new("uuid", NpgsqlDbType.Uuid),
        [typeof(DateTimeOffset)] = new("timestamptz", NpgsqlDbType.TimestampTz),
        [typeof(DateOnly)] = new("date", NpgsqlDbType.Date),
        [typeof(byte[])] = new("bytea", NpgsqlDbType.Bytea),
        [typeof(JsonElement)] = new("jsonb", NpgsqlDbType.Jsonb),
    };

    /// <summary>All supported .NET types, for a message.</summary>
    public static string Names => string.Join(", ", All.Keys.Select(type => type.Name));

    /// <summary>The Postgres type for a .NET type; null for an unsupported one.</summary>
    public static MappedType? Of(Type type) => All.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>The values as Npgsql expects them.</summary>
    public static object ToArray<TValue>(TValue[] values) => values switch
    {
        JsonElement[] documents => Array.ConvertAll(documents, document => document.ValueKind == JsonValueKind.Undefined ? null : document.GetRawText()),
        JsonElement?[] documents => Array.ConvertAll(documents, document => document?.GetRawText()),

        // Postgres stores no offset, only the instant.
        DateTimeOffset[] times => Array.ConvertAll(times, Storable),
        DateTimeOffset?[] times => Array.ConvertAll(times, time => time is { } known ? Storable(known) : (DateTimeOffset?)null),
        DateOnly[] days => Array.ConvertAll(days, Storable),
        DateOnly?[] days => Array.ConvertAll(days, day => day is { } known ? Storable(known) : (DateOnly?)null),
        _ => values,
    };

    // Npgsql writes the ends of .NET's times as infinity, and cuts off what is finer than a microsecond.
    private static DateTimeOffset Storable(DateTimeOffset time) =>
        time.Ticks % TimeSpan.TicksPerMicrosecond == 0 && time != DateTimeOffset.MinValue && time.Ticks / TimeSpan.TicksPerMicrosecond != DateTimeOffset.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? time.ToUniversalTime()
            : throw new FormatException($"the time {time:O} does not fit timestamptz, which has microseconds");

    private static DateOnly Storable(DateOnly day) =>
        day != DateOnly.MinValue && day != DateOnly.MaxValue ? day : throw new FormatException($"the day {day:O} would become infinity");
}
