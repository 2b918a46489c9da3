using Amazon.DynamoDBv2;
using DynamoStreams.Snapshots;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Table;

internal static class TableSetup
{
    /// <summary>Adds reading of the DynamoDB table.</summary>
    public static WebApplicationBuilder AddTable(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ITablePages>(provider => new DynamoDbPages(
            provider.GetRequiredService<IAmazonDynamoDB>(), provider.GetRequiredService<DynamoDbSettings>().Table, isConsistent: true));
        builder.Services.AddSingleton<TableReader>();
        return builder;
    }
}
