using System.Text.Json;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>
/// Declares a Postgres table that mirrors the items of a DynamoDB table, without a handler of your own.
/// </summary>
public static class PostgresTable
{
    /// <summary>Begins a declaration.</summary>
    /// <typeparam name="T"> An item as System.Text.Json reads it, once its attributes are plain JSON
    /// (<see cref="PlainJson"/>): a record with a member for each attribute that is wanted. Names match
    /// without regard to case; <c>[JsonPropertyName]</c> sets another name. A member must
    /// be there, unless its type has a <c>?</c> or its constructor parameter a default.</typeparam>
    /// <param name="options">How it is read; null for exact numbers and the rule above.</param>
    public static TableMap<T> Map<T>(JsonSerializerOptions? options = null)
        where T : class => new(options ?? MappedOptions.Of<T>());
}
