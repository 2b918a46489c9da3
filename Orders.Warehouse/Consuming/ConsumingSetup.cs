using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Consuming;

/// <summary>The side that reads the table's stream.</summary>
internal static class ConsumingSetup
{
    // Twice the files of a day that are written at a time, in memory: what is read and not yet written.
    private const long ReadAheadBytes = 96 * 1024 * 1024;

    /// <summary>Adds the consumer, which runs with the host, and its readiness.</summary>
    public static WebApplicationBuilder AddConsuming(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IStreamsApi>(provider =>
        {
            var settings = provider.GetRequiredService<DynamoDbSettings>();
            return new StreamsClient(
                settings.StreamsEndpoint ?? StreamsClient.RegionalEndpoint(settings.Region.SystemName), settings.Region.SystemName, settings.FindCredentials(), provider.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddSingleton<ILeaseStore>(provider => new PostgresLeaseStore(provider.GetRequiredService<NpgsqlDataSource>(), LedgerMigrations.Consumer));
        builder.Services.AddSingleton(provider =>
        {
            var settings = provider.GetRequiredService<WarehouseSettings>();
            return new StreamConsumerOptions
            {
                TableName = provider.GetRequiredService<DynamoDbSettings>().Table,
                BatchAge = settings.FileAge,
                MaxBatch = settings.FileRows,
                ReadAheadBytes = ReadAheadBytes,
                OnFailure = provider.GetRequiredService<PostgresSessions>().Note,
            };
        });
        builder.Services.AddSingleton<WarehouseMetrics>();
        builder.Services.AddSingleton<OrderChangeLog>();
        builder.Services.AddSingleton<IBatchHandler>(provider => provider.GetRequiredService<OrderChangeLog>());
        builder.Services.AddSingleton<StreamConsumer>();
        builder.Services.AddWorker<ConsumingService>();
        builder.Services.AddHealthChecks().AddCheck<ConsumingHealthCheck>("stream", tags: [HealthTags.Ready], timeout: PostgresCheck.Timeout);
        return builder;
    }
}
