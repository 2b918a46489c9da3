namespace Orders.ServiceDefaults.SignIn;

/// <summary>What a key may be used for.</summary>
public static class Scopes
{
    /// <summary>Place, change and delete orders.</summary>
    public const string OrdersWrite = "orders:write";

    /// <summary>Read orders and what is derived from them.</summary>
    public const string OrdersRead = "orders:read";

    /// <summary>Run the service: redrive, reconcile, snapshot.</summary>
    public const string Operations = "operations";

    /// <summary>Ask the warehouse: ready questions, and SQL for a key of all merchants.</summary>
    public const string AnalyticsRead = "analytics:read";

    /// <summary>Every scope there is.</summary>
    public static IReadOnlyList<string> All { get; } = [OrdersWrite, OrdersRead, Operations, AnalyticsRead];
}
