using System.Reflection;

namespace Orders.ServiceDefaults.Migrations;

/// <summary>SQL files that an assembly carries as embedded resources.</summary>
public static class EmbeddedSql
{
    /// <summary>Reads those of a folder, ordered by name.</summary>
    /// <param name="assembly">Whose resources.</param>
    /// <param name="folder">The prefix of their names. It is part of the resource names, not a path on
    /// disk.</param>
    /// <returns>Each file's resource name and text.</returns>
    public static IReadOnlyList<(string Name, string Sql)> Read(Assembly assembly, string folder) =>
    [
        .. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"{folder}/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name, reader.ReadToEnd());
            }),
    ];
}
