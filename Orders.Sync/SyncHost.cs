using DynamoStreams;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Migrations;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Cache;
using Orders.Sync.Consuming;
using Orders.Sync.DeadLetters;
using Orders.Sync.Migrations;
using Orders.Sync.Projection;
using Orders.Sync.Reconciling;
using Orders.Sync.Repair;
using Orders.Sync.Snapshots;
using Orders.Sync.Status;
using Orders.Sync.Table;

namespace Orders.Sync;

/// <summary>
/// The stream consumer as a host: projects every change of an order into Postgres and Redis.
/// </summary>
public static class SyncHost
{
    /// <summary>Builds it without starting it.</summary>
    /// <param name="options">Arguments, environment.</param>
    /// <param name="settings">Settings that win over every other source; null for none.</param>
    public static WebApplication Build(WebApplicationOptions options, IReadOnlyDictionary<string, string?>? settings = null) =>
        Build(options, configuration => configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal)));

    /// <summary>Builds it for a command, which uses its components and never starts it.</summary>
    /// <param name="options">Arguments, environment.</param>
    /// <param name="configure">Adds settings; sees those of every other source.</param>
    internal static WebApplication Build(WebApplicationOptions options, Action<ConfigurationManager> configure)
    {
        var builder = WebApplication.CreateBuilder(options);
        configure(builder.Configuration);
        builder.AddServiceDefaults(ProjectionTrace.ServiceName);
        builder.AddPostgres(writes: true);
        builder.AddRedis();
        builder.AddDynamoDb();

        // The order matters: the tables first, then the services that write to them.
        builder.Services.AddSingleton(ReadModelMigrations.All);
        builder.Services.AddSingleton<IStartCheck, MigrationCheck>();
        builder.Services.AddSingleton<IStartCheck, StreamCheck>();
        builder.Services.AddSingleton(provider => StreamsClientFactory.Create(provider.GetRequiredService<DynamoDbSettings>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ILeaseStore>(provider => new PostgresLeaseStore(provider.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddSingleton<IBatchHandler, OrderProjection>();
        builder.Services.AddSingleton(provider => new StreamConsumerOptions
        {
            TableName = provider.GetRequiredService<DynamoDbSettings>().Table,
            OnFailure = provider.GetRequiredService<PostgresSessions>().Note,
        });
        builder.Services.AddSingleton<StreamConsumer>();
        builder.Services.AddSingleton<OrderCacheWriter>();
        builder.Services.AddSingleton<IFollower, CacheFollower>();
        builder.Services.AddSingleton<ProjectionWriter>();
        builder.Services.AddSingleton<BatchCommitter>();
        builder.Services.AddSingleton<DoubtfulOrders>();
        builder.Services.AddSingleton<PassedOver>();
        builder.Services.AddSingleton<ICacheTables, PostgresCacheTables>();
        builder.Services.AddSingleton<CacheFilling>();
        builder.Services.AddSingleton<CachedEntries>();
        builder.Services.AddSingleton<CacheSuspension>();
        builder.Services.AddSingleton<SyncMetrics>();
        builder.Services.AddSingleton<StatusReader>();
        builder.Services.AddSingleton<Backlog>();
        builder.Services.AddSingleton<DeadLetterList>();
        builder.Services.AddSingleton<OrderIdCheck>();
        builder.Services.AddSingleton<RedriveStep>();
        builder.Services.AddSingleton<DeadLetterRedrive>();
        builder.Services.AddSingleton<DeadLetterDiscard>();
        builder.Services.AddWorker<StreamConsumerService>();
        builder.Services.AddWorker<CacheRepairService>();
        builder.Services.AddWorker<Backlog>();
        builder.Services.AddSingleton<IStoreFailures, DatabaseAnswers>();
        builder.AddTable();
        builder.AddRepair();
        builder.AddReconciling();
        builder.AddSnapshots();
        builder.Services.AddSingleton<ShardsLook>();
        builder.Services.AddSettings(ReadinessSettings.Read);
        builder.Services.AddHealthChecks().AddCheck<StreamHealthCheck>("stream", tags: [HealthTags.Ready], timeout: PostgresCheck.Timeout);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapOperations();
        return app;
    }
}
