namespace DynamoStreams.Postgres;

/// <summary>The tables of the consumer, as ordered SQL files for the application's own migrations.</summary>
public static class ConsumerSchema
{
    /// <summary>Name and text of each file, in the order to apply them.</summary>
    public static IReadOnlyList<(string Name, string Sql)> Files { get; } = Read();

    private static List<(string Name, string Sql)> Read()
    {
        var assembly = typeof(ConsumerSchema).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name, reader.ReadToEnd());
            })];
    }
}
