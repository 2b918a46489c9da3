using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DynamoStreams.Postgres;

/// <summary>
/// The schema that holds a consumer's tables and functions, and the SQL files that make them, for the
/// application's own migrations. Consumers in different schemas of one database are independent, even if
/// they read the same stream.
/// </summary>
public sealed partial class ConsumerSchema
{
    /// <summary>The name of the schema where no other is chosen.</summary>
    public const string DefaultName = "sync";

    // Postgres truncates longer names.
    private const int LongestName = 63;

    // The class of the advisory locks that the files' functions take.
    private const string LockClass = "25715";

    private const string Folder = "dynamostreams/";

    /// <summary>Chooses a schema.</summary>
    /// <param name="name">Its name: a to z, 0 to 9 and _, not beginning with a digit, 63 characters at most.
    /// It need not exist.</param>
    /// <exception cref="ArgumentException">The name has another form, or is reserved by
    /// Postgres.</exception>
    public ConsumerSchema(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > LongestName || !Allowed().IsMatch(name))
        {
            throw new ArgumentException(
                $"'{name}' cannot be the schema of a consumer. A name has 1 to {LongestName} characters of a to z, 0 to 9 and _, and does not begin with a digit.", nameof(name));
        }

        if (name.StartsWith("pg_", StringComparison.Ordinal) || name == "information_schema")
        {
            throw new ArgumentException($"'{name}' cannot be the schema of a consumer: Postgres keeps this name for itself.", nameof(name));
        }

        Name = name;

        // Quoted, so that SQL keywords work as names. The default is not quoted: released files must not
        // change by a character.
        Identifier = name == DefaultName ? name : $"\"{name}\"";
        Files = Read();
    }

    /// <summary>The schema <c>sync</c>.</summary>
    public static ConsumerSchema Default { get; } = new(DefaultName);

    /// <summary>The schema's name.</summary>
    public string Name { get; }

    /// <summary>
    /// Name and text of each file, in the order to apply them, each once. The names for another schema than
    /// the default contain it, so that one list of applied migrations can hold both.
    /// </summary>
    public IReadOnlyList<(string Name, string Sql)> Files { get; }

    /// <summary>The name, quoted for SQL.</summary>
    internal string Identifier { get; }

    /// <summary>The name of a schema or the default, quoted for SQL.</summary>
    internal static string In(ConsumerSchema? schema) => (schema ?? Default).Identifier;

    private List<(string Name, string Sql)> Read()
    {
        var assembly = typeof(ConsumerSchema).Assembly;
        var files = new List<(string, string)>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var sql = reader.ReadToEnd();
            files.Add(Name == DefaultName ? (name, sql) : ($"{Folder}{Name}/{name[Folder.Length..]}", Render(sql)));
        }

        return files;
    }

    // The files are written for the default schema.
    private string Render(string sql) => DefaultInSql().Replace(sql, Identifier).Replace(LockClass, OwnLockClass(), StringComparison.Ordinal);

    // Each schema needs its own class of locks. Otherwise terminating transactions of one consumer would hit
    // those of another that reads the same stream.
    private string OwnLockClass() => (BinaryPrimitives.ReadInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Name))) & int.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-z_][a-z0-9_]*\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Allowed();

    [GeneratedRegex($@"\b{DefaultName}\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DefaultInSql();
}
