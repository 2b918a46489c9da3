using DynamoStreams;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults;
using Orders.Sync.Cache;
using Orders.Sync.Consuming;
using Orders.Sync.Migrations;
using Orders.Sync.Projection;

namespace Orders.Sync;

/// <summary>The stream consumer as a host: projects every change of an order into Postgres and Redis.</summary>
public static class SyncHost
{
    /// <summary>Builds it; nothing runs yet.</summary>
    /// <param name="options">Arguments, environment.</param>
    /// <param name="settings">Settings that win over every other source; null for none.</param>
    public static WebApplication Build(WebApplicationOptions options, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(options);
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        builder.AddServiceDefaults("orders-sync");
        builder.AddPostgres();
        builder.AddRedis();
        builder.AddDynamoDb();

        // In this order: the tables first, then what is to be read into them.
        builder.Services.AddSingleton<IStartCheck, ReadModelCheck>();
        builder.Services.AddSingleton<IStartCheck, StreamCheck>();
        builder.Services.AddSingleton(provider => StreamsClientFactory.Create(provider.GetRequiredService<DynamoDbSettings>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ILeaseStore>(provider => new PostgresLeaseStore(provider.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddSingleton<IBatchHandler, OrderProjection>();
        builder.Services.AddSingleton(provider => new StreamConsumerOptions { TableName = provider.GetRequiredService<DynamoDbSettings>().Table });
        builder.Services.AddSingleton<StreamConsumer>();
        builder.Services.AddSingleton<OrderCacheWriter>();
        builder.Services.AddSingleton<CacheRepairs>();
        builder.Services.AddSingleton<CacheVouch>();
        builder.Services.AddSingleton<SyncMetrics>();
        builder.Services.AddHostedService<StreamConsumerService>();
        builder.Services.AddHostedService<CacheRepairService>();
        builder.Services.AddHealthChecks().AddCheck<StreamHealthCheck>("stream", tags: [HealthTags.Ready]);

        var app = builder.Build();
        app.UseServiceDefaults();
        return app;
    }
}
