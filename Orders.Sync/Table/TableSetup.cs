using Amazon.DynamoDBv2;
using DynamoStreams.Snapshots;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Table;

internal static class TableSetup
{
    /// <summary>Adds reading of the DynamoDB table, and the note of which one it is.</summary>
    public static WebApplicationBuilder AddTable(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ITablePages>(provider => new DynamoDbPages(
            provider.GetRequiredService<IAmazonDynamoDB>(), provider.GetRequiredService<DynamoDbSettings>().Table, isConsistent: true));
        builder.Services.AddSingleton<TableReader>();
        builder.Services.AddWorker<SourceTable>();
        builder.Services.AddSingleton<IStartCheck>(provider => provider.GetRequiredService<SourceTable>());
        return builder;
    }
}
