using System.Reflection;

namespace DynamoStreams.Postgres;

/// <summary>SQL files that an assembly carries as embedded resources.</summary>
public static class EmbeddedSql
{
    /// <summary>Reads them, ordered by name.</summary>
    /// <param name="assembly">Whose resources.</param>
    /// <returns>Each file's resource name and text.</returns>
    public static IReadOnlyList<(string Name, string Sql)> Read(Assembly assembly) =>
    [
        .. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name, reader.ReadToEnd());
            }),
    ];
}
