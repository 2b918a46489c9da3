namespace Orders.Local.Run;

/// <summary>What the command line asks for.</summary>
internal sealed record LocalSettings
{
    public const int DefaultApiPort = 8080;
    public const int DefaultQueryPort = 8081;
    public const int DefaultSyncPort = 8082;
    public const int DefaultGraphQLPort = 8083;

    /// <summary>The folder for data that is kept and for <c>endpoints.json</c>.</summary>
    public string DataFolder { get; init; } = ".orders";

    /// <summary>Whether the data goes to a temporary folder and is removed at the end.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>0 for any free port, as with the other three.</summary>
    public int ApiPort { get; init; } = DefaultApiPort;

    public int QueryPort { get; init; } = DefaultQueryPort;

    public int SyncPort { get; init; } = DefaultSyncPort;

    public int GraphQLPort { get; init; } = DefaultGraphQLPort;

    /// <summary>Orders a second that are placed for show; 0 for none.</summary>
    public int Demo { get; init; }

    public bool Dashboard { get; init; }

    /// <summary>Whether the services' own logs are shown below warnings too.</summary>
    public bool Verbose { get; init; }
}
