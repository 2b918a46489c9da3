namespace Orders.Local.Run;

/// <summary>The settings from the command line.</summary>
internal sealed record LocalSettings
{
    public const int DefaultApiPort = 8080;
    public const int DefaultQueryPort = 8081;
    public const int DefaultSyncPort = 8082;
    public const int DefaultGraphQLPort = 8083;
    public const int DefaultWarehousePort = 8084;

    /// <summary>The folder for persistent data and for <c>endpoints.json</c>.</summary>
    public string DataFolder { get; init; } = ".orders";

    /// <summary>Whether the data is in a temporary folder that is removed at the end.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>0 for any free port; the same holds for the other four.</summary>
    public int ApiPort { get; init; } = DefaultApiPort;

    public int QueryPort { get; init; } = DefaultQueryPort;

    public int SyncPort { get; init; } = DefaultSyncPort;

    public int GraphQLPort { get; init; } = DefaultGraphQLPort;

    public int WarehousePort { get; init; } = DefaultWarehousePort;

    /// <summary>Demonstration orders a second; 0 for none.</summary>
    public int Demo { get; init; }

    public bool Dashboard { get; init; }

    /// <summary>Whether the services' own logs below warnings are shown too.</summary>
    public bool Verbose { get; init; }
}
