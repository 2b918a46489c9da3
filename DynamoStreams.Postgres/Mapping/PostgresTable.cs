using System.Text.Json;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>
/// Declares a table of Postgres that is kept as the items of a DynamoDB table are, so that no handler has to
/// be written.
/// </summary>
public static class PostgresTable
{
    private static readonly JsonSerializerOptions Defaults = new(JsonSerializerDefaults.Web)
    {
        // What an item lacks is an error that names it, and no zero that nobody wrote.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new ExactDecimalConverter() },
    };

    /// <summary>Begins a declaration.</summary>
    /// <typeparam name="T"> An item as System.Text.Json reads it, once its attributes are plain JSON
    /// (<see cref="PlainJson"/>): a record with a member for each attribute that is wanted. Names are
    /// matched whatever their case; <c>[JsonPropertyName]</c> gives any other. A member without a default or
    /// a <c>?</c> must be there. </typeparam>
    /// <param name="options">How it is read; null for the defaults above.</param>
    public static TableMap<T> Map<T>(JsonSerializerOptions? options = null)
        where T : class => new(options ?? Defaults);
}
