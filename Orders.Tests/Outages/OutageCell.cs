namespace Orders.Tests.Outages;

/// <summary>A cell of the table in <c>docs/operations.md</c>.</summary>
/// <param name="Service">The service that is asked.</param>
/// <param name="Store">The store that has failed.</param>
/// <param name="Condition">How it has failed.</param>
/// <param name="IsAtStart">Whether it had failed before the service started.</param>
public sealed record OutageCell(string Service, string Store, string Condition, bool IsAtStart)
{
    public const string Gone = "gone";
    public const string Slow = "slow";
    public const string Garbled = "garbled";

    /// <summary>DynamoDB only: 200 and a page of a proxy.</summary>
    public const string Page = "garbled: a page";

    /// <summary>DynamoDB only: 200 and the half of an answer.</summary>
    public const string Cut = "garbled: half an answer";

    /// <summary>DynamoDB and S3.</summary>
    public const string Throttled = "full: throttled";

    /// <summary>DynamoDB only: LimitExceededException.</summary>
    public const string Limit = "full: a limit";

    /// <summary>Postgres only: 53300.</summary>
    public const string Connections = "full: connections";

    /// <summary>Postgres only, 53100; and the lake.</summary>
    public const string Disk = "full: disk";

    /// <summary>Orders.Query only: 503.</summary>
    public const string Busy = "full: busy";

    /// <summary>Redis only: OOM with noeviction.</summary>
    public const string Memory = "full: memory";

    /// <summary>The lake only: its disk can only be read.</summary>
    public const string Denied = "read-only";

    private static readonly string[] OfDynamoDb = [Gone, Slow, Garbled, Page, Cut, Throttled, Limit];
    private static readonly string[] OfPostgres = [Gone, Slow, Garbled, Connections, Disk];
    private static readonly string[] OfRedis = [Gone, Slow, Garbled, Memory];

    /// <summary>Every cell that there is.</summary>
    public static IReadOnlyList<OutageCell> All { get; } =
    [
        .. Cells("Orders.Api", "DynamoDB", OfDynamoDb),
        .. Cells("Orders.Query", "Postgres", OfPostgres),
        .. Cells("Orders.Query", "Redis", OfRedis),
        .. Cells("Orders.Sync", "DynamoDB", OfDynamoDb),
        .. Cells("Orders.Sync", "Postgres", OfPostgres),
        .. Cells("Orders.Sync", "Redis", OfRedis),
        .. Cells("Orders.Warehouse", "DynamoDB", Gone, Slow, Garbled, Page, Throttled),
        .. Cells("Orders.Warehouse", "Postgres", OfPostgres),
        .. Cells("Orders.Warehouse", "lake", Gone, Denied, Disk),
        .. Cells("Orders.GraphQL", "Orders.Query", Gone, Slow, Garbled, Page, Busy),
    ];

    private static IEnumerable<OutageCell> Cells(string service, string store, params string[] conditions) =>
        from condition in conditions from isAtStart in new[] { true, false } select new OutageCell(service, store, condition, isAtStart);
}
