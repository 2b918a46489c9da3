using DynamoStreams.Postgres;
using Orders.ServiceDefaults.Migrations;

namespace Orders.Warehouse.Ledger;

/// <summary>
/// The SQL files of the schema <c>warehouse</c>: first the consumer's, then this folder's.
/// </summary>
internal static class LedgerMigrations
{
    /// <summary>The schema, in the read model's database.</summary>
    public const string SchemaName = "warehouse";

    // "lake" in ASCII.
    private const long LockKey = 0x6c616b65;

    /// <summary>The warehouse's consumer of the stream: independent of Orders.Sync's.</summary>
    public static ConsumerSchema Consumer { get; } = new(SchemaName);

    /// <summary>All files.</summary>
    public static SqlMigrations All { get; } = new(SchemaName, LockKey, [.. Consumer.Files, .. EmbeddedSql.Read(typeof(LedgerMigrations).Assembly, "ledger")]);
}
