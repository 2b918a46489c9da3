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

    /// <summary>The type for a .NET type; null when there is none.</summary>
    public static MappedType? Of(Type type) => All.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>The values as Npgsql expects them.</summary>
    public static object ToArray<TValue>(TValue[] values) => values switch
    {
        JsonElement[] documents => Array.ConvertAll(documents, document => document.ValueKind == JsonValueKind.Undefined ? null : document.GetRawText()),
        JsonElement?[] documents => Array.ConvertAll(documents, document => document?.GetRawText()),

        // Postgres stores no offset, only the instant.
        DateTimeOffset[] times => Array.ConvertAll(times, time => time.ToUniversalTime()),
        DateTimeOffset?[] times => Array.ConvertAll(times, time => time?.ToUniversalTime()),
        _ => values,
    };
}
