namespace Orders.AppHost.Stores;

/// <summary>
/// The stores of a deployment, which are there already: the table is DynamoDB's, the others are named by
/// connection strings.
/// </summary>
internal static class PublishedStores
{
    /// <summary>Adds them.</summary>
    public static AllStores Add(IDistributedApplicationBuilder builder) =>
        new(Table: null, builder.AddConnectionString("orders"), builder.AddConnectionString("redis"), Home: null);
}
