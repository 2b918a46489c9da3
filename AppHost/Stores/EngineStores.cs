using Microsoft.Extensions.DependencyInjection;
using Orders.AppHost.Running;
using Orders.Engines;
using Orders.Engines.Dynamo;
using Orders.Engines.Postgres;
using Orders.Engines.Redis;

namespace Orders.AppHost.Stores;

/// <summary>The stores as local processes, found or installed when they are started.</summary>
internal static class EngineStores
{
    /// <summary>
    /// Adds the stores. If Redis is not available, it is left out, with a line in the console.
    /// </summary>
    public static async Task<AllStores> AddAsync(IDistributedApplicationBuilder builder, Home home)
    {
        var options = new EngineOptions { Durable = !home.IsEphemeral };
        var redis = await new EngineFinder(options, new ConsoleSteps()).RedisAsync(CancellationToken.None);
        if (redis is null)
        {
            Console.WriteLine($"Redis: {RedisEngine.Missing}");
        }

        return new(
            AddDynamo(builder, home, options),
            AddPostgres(builder, home, options),
            redis is null ? null : AddRedis(builder, home, options, redis),
            home);
    }

    private static IResourceBuilder<EngineResource> AddDynamo(IDistributedApplicationBuilder builder, Home home, EngineOptions options) =>
        builder.AddEngine(new("dynamodb", home.Data.Path), "http", "Database", async (progress, cancellationToken) =>
        {
            var found = await new EngineFinder(options, progress).DynoxideAsync(cancellationToken);
            return port => DynamoEngine.Describe(found, home.Data, port);
        })
        // Its health check is the root path, as with DynamoDB itself.
        .WithHttpHealthCheck("/", endpointName: EngineResource.Endpoint)
        .OnResourceReady(async (dynamo, happened, _) =>
        {
            try
            {
                StreamIndexes.Add(DynamoEngine.DatabaseFile(home.Data));
            }
            catch (EngineException failure)
            {
                await ProgramState.Of(dynamo, happened.Services).FailAsync(failure);
                throw;
            }
        });

    private static IResourceBuilder<IResourceWithConnectionString> AddPostgres(IDistributedApplicationBuilder builder, Home home, EngineOptions options)
    {
        PostgresCluster? cluster = null;
        var postgres = builder.AddEngine(new("postgres", home.Data.Path), "tcp", "Database", async (progress, cancellationToken) =>
        {
            cluster = await PostgresCluster.PrepareAsync(new EngineFinder(options, progress), home.Data, progress, cancellationToken);
            return port => cluster.Server(port, options.Durable);
        });

        var engine = postgres.Resource;
        var password = new EngineSecret("postgres-password", () => cluster?.Password);
        engine.Connection = ReferenceExpression.Create(
            $"Host={engine.Address.Property(EndpointProperty.IPV4Host)};Port={engine.Address.Property(EndpointProperty.Port)};Username={PostgresCluster.Superuser};Password={password}");
        var check = $"{engine.Name}-connects";
        builder.Services.AddHealthChecks().Add(new(check, _ => new PostgresHealth(engine), failureStatus: null, tags: null));
        postgres.WithHealthCheck(check)
            .OnResourceReady(async (_, _, cancellationToken) =>
                await PostgresEngine.EnsureDatabaseAsync((await engine.ConnectionStringExpression.GetValueAsync(cancellationToken))!, cancellationToken));
        return builder.AddConnectionString("orders", ReferenceExpression.Create($"{postgres};Database={PostgresEngine.Database}"))
            .WithParentRelationship(postgres)
            .WithIconName("Table")
            .WaitFor(postgres);
    }

    private static IResourceBuilder<EngineResource> AddRedis(IDistributedApplicationBuilder builder, Home home, EngineOptions options, FoundEngine found)
    {
        // One for all starts of this run: the services keep the connection string that they got.
        var made = RedisPassword.Make(home.Data);
        var redis = builder.AddEngine(new("redis", home.Data.Path), "tcp", "Flash", (_, _) =>
            Task.FromResult<ProgramStart.Describe>(port => RedisEngine.Describe(found, home.Data, port, options.RedisDatabases)));
        var (address, password) = (redis.Resource.Address, new EngineSecret("redis-password", () => made));
        redis.Resource.Connection = ReferenceExpression.Create($"{address.Property(EndpointProperty.IPV4Host)}:{address.Property(EndpointProperty.Port)},password={password}");
        var check = $"{redis.Resource.Name}-answers";
        builder.Services.AddHealthChecks().AddRedis(_ => redis.Resource.ConnectionStringExpression.GetValueAsync(default).AsTask().GetAwaiter().GetResult()!, check);
        return redis.WithHealthCheck(check);
    }

    private static IResourceBuilder<EngineResource> AddEngine(
        this IDistributedApplicationBuilder builder, EngineResource engine, string scheme, string icon, ProgramStart.Prepare prepare) =>
        builder.AddProgram(engine, EngineResource.Endpoint, prepare)
            // No fixed port: Aspire chooses a free one, without a proxy in front.
            .WithEndpoint(name: EngineResource.Endpoint, scheme: scheme, isProxied: false)
            .WithUrlForEndpoint(EngineResource.Endpoint, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithIconName(icon);
}
