using System.ComponentModel.DataAnnotations;

namespace Orders.Infra.Settings;

internal sealed partial record OrdersStackSettings
{
    /// <summary>The largest Aurora, in capacity units.</summary>
    public const double MostCapacity = 256;

    /// <summary>The largest useful number of days in a rule of S3.</summary>
    public const int MostDays = 36_500;

    /// <summary><c>tableName</c>: the DynamoDB table, <c>Orders__Table</c> of the services.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{3,255}", ErrorMessage = "3 to 255 letters, digits, '_', '-' or '.'")]
    public string TableName { get; init; } = "orders";

    /// <summary>
    /// <c>existingTable</c>: whether <see cref="TableName"/> exists already, in the stack's account and
    /// region. The stack then uses it and does not change it.
    /// </summary>
    public bool ExistingTable { get; init; }

    /// <summary><c>databaseName</c>: the database of the read model.</summary>
    [RegularExpression("[a-z][a-z0-9_]{0,62}", ErrorMessage = "1 to 63 lower-case letters, digits or '_', a letter first")]
    public string DatabaseName { get; init; } = "orders";

    /// <summary><c>postgresVersion</c>: of Aurora PostgreSQL, with the minor version.</summary>
    [RegularExpression(@"(1[6-9]|[2-9][0-9])\.[0-9]{1,2}", ErrorMessage = "a version with its minor, 16.1 or later, for example 17.5")]
    public string PostgresVersion { get; init; } = "17.5";

    /// <summary>
    /// <c>databaseMinCapacity</c>: Aurora capacity units when idle; one is about 2 GiB of memory.
    /// </summary>
    [Range(0.5, MostCapacity)]
    public double DatabaseMinCapacity { get; init; } = 0.5;

    /// <summary><c>databaseMaxCapacity</c>: Aurora capacity units at most, for each instance.</summary>
    [Range(1.0, MostCapacity)]
    public double DatabaseMaxCapacity { get; init; } = 8;

    /// <summary>
    /// <c>databaseReaders</c>: instances in addition to the writer, which take over when it fails.
    /// </summary>
    [Range(0, 15)]
    public int DatabaseReaders { get; init; } = 1;

    /// <summary><c>databaseBackupDays</c>: how far back the database can be restored.</summary>
    [Range(1, 35)]
    public int DatabaseBackupDays { get; init; } = 14;

    /// <summary><c>cacheNodeType</c>: of ElastiCache.</summary>
    [RegularExpression(@"cache\.[a-z0-9]+\.[a-z0-9]+", ErrorMessage = "a node type of ElastiCache, for example cache.t4g.small")]
    public string CacheNodeType { get; init; } = "cache.t4g.small";

    /// <summary>
    /// <c>cacheReplicas</c>: nodes in addition to the primary, which take over when it fails.
    /// </summary>
    [Range(0, 5)]
    public int CacheReplicas { get; init; } = 1;

    /// <summary><c>cacheVersion</c>: of Valkey.</summary>
    [RegularExpression(@"([7-9]|[1-9][0-9])\.[0-9]+", ErrorMessage = "a version of Valkey, for example 8.0")]
    public string CacheVersion { get; init; } = "8.0";
}
