namespace Orders.AppHost.Stores;

/// <summary>
/// The existing stores of a deployment: the table is in DynamoDB, the others are given by connection
/// strings.
/// </summary>
internal static class PublishedStores
{
    /// <summary>Adds the stores.</summary>
    public static AllStores Add(IDistributedApplicationBuilder builder) =>
        new(Table: null, builder.AddConnectionString("orders"), builder.AddConnectionString("redis"), Home: null);
}
