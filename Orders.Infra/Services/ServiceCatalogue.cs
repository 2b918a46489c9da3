using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.SecretsManager;
using Constructs;
using Orders.Infra.Collector;
using Orders.Infra.Data;
using Orders.Infra.Keys;
using Orders.Infra.Network;
using Orders.Infra.Settings;
using EcsSecret = Amazon.CDK.AWS.ECS.Secret;

namespace Orders.Infra.Services;

/// <summary>
/// The services with their settings, secrets and permissions. Setting names are those of the services.
/// </summary>
internal sealed class ServiceCatalogue
{
    private const int CursorKeyChars = 48;
    private const int SecondsOfMinute = 60;

    // Orders.Sync releases its shards when it stops. .NET allows 30 s for that, and ECS would kill it after
    // 30 s.
    private static readonly Duration HandingOver = Duration.Seconds(60);

    private readonly Stack _stack;
    private readonly OrdersStackSettings _settings;
    private readonly ReadModel _readModel;
    private readonly ReadCache _cache;

    public ServiceCatalogue(
        Stack stack, OrdersStackSettings settings, OrdersNetwork network, ServiceGroups groups, WriteStore writeStore, ReadModel readModel, ReadCache cache,
        WarehouseStores warehouse)
    {
        (_stack, _settings, _readModel, _cache) = (stack, settings, readModel, cache);
        var removal = settings.KeepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
        var writeKey = new ApiKeySecret(stack, "WriteKey", "orders:write", settings.WriteKey, removal);
        var readKey = new ApiKeySecret(stack, "ReadKey", "orders:read", settings.ReadKey, removal);
        var operationsKey = new ApiKeySecret(stack, "OperationsKey", "operations", settings.OperationsKey, removal);
        KeySecrets = [("WriteKey", writeKey.Arn), ("ReadKey", readKey.Arn), ("OperationsKey", operationsKey.Arn)];

        // Without it the read service would derive the key of cursors from the password, and there is none.
        var cursorKey = new Secret(stack, "CursorKey", new SecretProps
        {
            Description = "What Orders.Query seals its cursors with",
            GenerateSecretString = new SecretStringGenerator { PasswordLength = CursorKeyChars, ExcludePunctuation = true },
            RemovalPolicy = RemovalPolicy.DESTROY,
        });

        Api = new()
        {
            Id = "Api",
            Name = "orders-api",
            Group = groups.Api,
            Environment = [.. Common(), .. Table(), .. writeKey.Environment, .. CalledFromThePage()],
            Secrets = writeKey.Secrets,
            Rights = [writeStore.Writing],
            Stores = [writeStore.Table],
        };
        Sync = new()
        {
            Id = "Sync",
            Name = "orders-sync",
            Group = groups.Sync,
            Environment = [.. Common(), .. Table(), .. Streams(network), .. ReadStores(DatabaseUsers.Sync), .. operationsKey.Environment],
            Secrets = [.. operationsKey.Secrets, new("Orders__RedisPassword", cache.Password)],
            Rights = [.. writeStore.Following, readModel.Connecting(DatabaseUsers.Sync)],
            Stores = [writeStore.Table, .. readModel.Parts, cache.Part],
            StopTimeout = HandingOver,
        };
        Query = new()
        {
            Id = "Query",
            Name = "orders-query",
            Group = groups.Query,
            Environment = [.. Common(), .. ReadStores(DatabaseUsers.Query), .. readKey.Environment, .. PageCalls()],
            Secrets = [.. readKey.Secrets, new("Orders__RedisPassword", cache.Password), new("Orders__Query__CursorKey", EcsSecret.FromSecretsManager(cursorKey))],
            Rights = [readModel.Connecting(DatabaseUsers.Query)],
            Stores = [.. readModel.Parts, cache.Part],
        };
        // It passes its callers' keys to the read service, and has no AWS permissions.
        GraphQl = new()
        {
            Id = "GraphQl",
            Name = "orders-graphql",
            Group = groups.GraphQl,
            Environment =
            [
                new("HOST", "0.0.0.0"),
                new("PORT", Ports.Container.ToString(CultureInfo.InvariantCulture)),
                new("NODE_ENV", "production"),
                new("ORDERS_QUERY_URL", InternalNames.QueryAddress(settings)),
                // Only its load balancer can reach it.
                new("GRAPHQL_TRUST_PROXY", "true"),
            ],
            HasCollector = false,
        };
        if (settings.Warehouse)
        {
            var key = new ApiKeySecret(stack, "WarehouseKey", "analytics:read,operations", settings.WarehouseKey, removal);
            KeySecrets = [.. KeySecrets, ("WarehouseKey", key.Arn)];
            Warehouse = MakeWarehouse(network, groups, writeStore, warehouse, key);
        }
    }

    public OrdersService Api { get; }

    public OrdersService Sync { get; }

    public OrdersService Query { get; }

    public OrdersService GraphQl { get; }

    /// <summary>Null when the stack is without it.</summary>
    public OrdersService? Warehouse { get; }

    /// <summary>Each key's name and the ARN of its secret.</summary>
    public IReadOnlyList<(string Name, string Secret)> KeySecrets { get; }

    private OrdersService MakeWarehouse(
        OrdersNetwork network, ServiceGroups groups, WriteStore writeStore, WarehouseStores stores, ApiKeySecret key) => new()
        {
            Id = "Warehouse",
            Name = "orders-warehouse",
            Group = groups.Warehouse!,
            Environment =
            [
                .. Common(), .. Table(), .. Streams(network), .. key.Environment,
                new("ConnectionStrings__orders", _readModel.ConnectionString(DatabaseUsers.Warehouse)),
                new("ConnectionStrings__orders_direct", _readModel.DirectConnectionString(DatabaseUsers.Warehouse)),
                new("Orders__PostgresSignIn", "iam"),
                new("Orders__Warehouse__Lake", stores.Lake.Address),
                .. SqlTables(), .. Loads(stores.Redshift),
            ],
            Secrets = [.. key.Secrets, .. stores.Redshift is { } redshift ? [new("Orders__Warehouse__RedshiftPassword", redshift.Password)] : Array.Empty<KeyValuePair<string, EcsSecret>>()],
            Rights =
            [
                .. writeStore.Logging, .. stores.Lake.Writing, _readModel.Connecting(DatabaseUsers.Warehouse), _readModel.ConnectingDirectly(DatabaseUsers.Warehouse),
            ],
            Stores = [writeStore.Table, .. _readModel.Parts, stores.Lake.Bucket, .. stores.Redshift is { } loaded ? [loaded.Part] : Array.Empty<IDependable>()],
            Tasks = 1,
            Size = new(_settings.WarehouseCpu, _settings.WarehouseMemory, _settings.WarehouseDisk),
            StopTimeout = HandingOver,
        };

    private IEnumerable<KeyValuePair<string, string>> SqlTables() =>
        _settings.WarehouseSqlTables.Count > 0 ? [new("Orders__Warehouse__SqlTables", string.Join(',', _settings.WarehouseSqlTables))] : [];

    private IEnumerable<KeyValuePair<string, string>> Loads(Redshift? redshift) => redshift is null ? [] :
    [
        new("Orders__Warehouse__Redshift", redshift.ConnectionString),
        new("Orders__Warehouse__RedshiftSeconds", (_settings.RedshiftMinutes * SecondsOfMinute).ToString(CultureInfo.InvariantCulture)),
    ];

    private IEnumerable<KeyValuePair<string, string>> Common() =>
    [
        // Only the environment Development accepts the local default key.
        new("ASPNETCORE_ENVIRONMENT", "Production"),
        new("ASPNETCORE_HTTP_PORTS", Ports.Container.ToString(CultureInfo.InvariantCulture)),
        // The client's address is the last one in X-Forwarded-For. It can be trusted: only the load balancer
        // and the gateway reach the tasks, and each appends the address of its caller.
        new("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
        new("AWS_REGION", _stack.Region),
        new("OTEL_EXPORTER_OTLP_ENDPOINT", CollectorSidecar.Endpoint),
        // CloudWatch sums values itself, so metrics must be deltas, not cumulative.
        new("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"),
        // Logs go to the task's own log group.
        new("OTEL_LOGS_EXPORTER", "none"),
        new("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        new("OTEL_TRACES_SAMPLER_ARG", _settings.TraceRatio.ToString(CultureInfo.InvariantCulture)),
    ];

    private IEnumerable<KeyValuePair<string, string>> Table() => [new("Orders__Table", _settings.TableName)];

    private static IEnumerable<KeyValuePair<string, string>> Streams(OrdersNetwork network) =>
        network.StreamsAddress is { } address ? [new("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", address)] : [];

    // The console page can place orders if both services know each other's names; otherwise it only reads.
    private IEnumerable<KeyValuePair<string, string>> CalledFromThePage() =>
        _settings.Domains is { } domains ? [new("Orders__Api__AllowedOrigins", $"https://{domains.Query}")] : [];

    private IEnumerable<KeyValuePair<string, string>> PageCalls() =>
        _settings.Domains is { } domains ? [new("Console__ApiUrl", $"https://{domains.Api}")] : [];

    private IEnumerable<KeyValuePair<string, string>> ReadStores(string user) =>
    [
        new("ConnectionStrings__orders", _readModel.ConnectionString(user)),
        new("Orders__PostgresSignIn", "iam"),
        new("ConnectionStrings__redis", _cache.ConnectionString),
    ];
}
