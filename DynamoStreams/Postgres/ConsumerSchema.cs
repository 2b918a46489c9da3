namespace DynamoStreams.Postgres;

/// <summary>The tables of the consumer, as ordered SQL files for the application's own migrations.</summary>
public static class ConsumerSchema
{
    /// <summary>Name and text of each file, in the order to apply them.</summary>
    public static IReadOnlyList<(string Name, string Sql)> Files { get; } = EmbeddedSql.Read(typeof(ConsumerSchema).Assembly, "dynamostreams");
}
