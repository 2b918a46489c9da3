using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.SecretsManager;
using Constructs;
using Orders.Infra.Collector;
using Orders.Infra.Data;
using Orders.Infra.Keys;
using Orders.Infra.Network;
using EcsSecret = Amazon.CDK.AWS.ECS.Secret;

namespace Orders.Infra.Services;

/// <summary>The services: which settings, which secrets and which rights each has. Names of settings are those of the services' own.</summary>
internal sealed class ServiceCatalogue
{
    private const int CursorKeyChars = 48;

    private readonly Stack _stack;
    private readonly OrdersStackSettings _settings;
    private readonly ReadModel _readModel;
    private readonly ReadCache _cache;
    private readonly CollectorSidecar _collector;

    public ServiceCatalogue(
        Stack stack, OrdersStackSettings settings, OrdersNetwork network, ServiceGroups groups, WriteStore writeStore, ReadModel readModel, ReadCache cache, CollectorSidecar collector)
    {
        (_stack, _settings, _readModel, _cache, _collector) = (stack, settings, readModel, cache, collector);
        var removal = settings.KeepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
        var writeKey = new ApiKeySecret(stack, "WriteKey", "orders:write", settings.WriteKey, removal);
        var readKey = new ApiKeySecret(stack, "ReadKey", "orders:read", settings.ReadKey, removal);
        var operationsKey = new ApiKeySecret(stack, "OperationsKey", "operations", settings.OperationsKey, removal);
        KeySecrets = [("WriteKey", writeKey.Arn), ("ReadKey", readKey.Arn), ("OperationsKey", operationsKey.Arn)];

        // Without it the read service would seal its cursors with a text that contains the password, and there is none.
        var cursorKey = new Secret(stack, "CursorKey", new SecretProps
        {
            Description = "What Orders.Query seals its cursors with",
            GenerateSecretString = new SecretStringGenerator { PasswordLength = CursorKeyChars, ExcludePunctuation = true },
            RemovalPolicy = RemovalPolicy.DESTROY,
        });

        Api = Make("orders-api", groups.Api, [.. Common(), .. Table(), .. writeKey.Environment], writeKey.Secrets, [writeStore.Writing], writeStore.Table);
        Sync = Make(
            "orders-sync",
            groups.Sync,
            [.. Common(), .. Table(), .. Streams(network), .. ReadStores(DatabaseUsers.Sync), .. operationsKey.Environment],
            [.. operationsKey.Secrets, new("Orders__RedisPassword", cache.Password)],
            [.. writeStore.Following, readModel.Connecting(DatabaseUsers.Sync)],
            [writeStore.Table, .. readModel.Parts, cache.Part]);
        Query = Make(
            "orders-query",
            groups.Query,
            [.. Common(), .. ReadStores(DatabaseUsers.Query), .. readKey.Environment],
            [.. readKey.Secrets, new("Orders__RedisPassword", cache.Password), new("Orders__Query__CursorKey", EcsSecret.FromSecretsManager(cursorKey))],
            [readModel.Connecting(DatabaseUsers.Query)],
            [.. readModel.Parts, cache.Part]);
        // It passes its callers' keys on to the read service.
        GraphQl = new OrdersService(
            "orders-graphql",
            groups.GraphQl,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PORT"] = OrdersStack.ContainerPort.ToString(CultureInfo.InvariantCulture),
                // Only its load balancer can reach it.
                ["GRAPHQL_TRUST_PROXY"] = "true",
            },
            new Dictionary<string, EcsSecret>(StringComparer.Ordinal),
            [],
            collector: null);
    }

    public OrdersService Api { get; }

    public OrdersService Sync { get; }

    public OrdersService Query { get; }

    public OrdersService GraphQl { get; }

    /// <summary>Each key's name and the ARN of its secret.</summary>
    public IReadOnlyList<(string Name, string Secret)> KeySecrets { get; }

    private OrdersService Make(
        string name, ISecurityGroup group, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, EcsSecret>> secrets,
        IReadOnlyList<PolicyStatement> rights, params IDependable[] stores) =>
        new(name, group, environment.ToDictionary(StringComparer.Ordinal), secrets.ToDictionary(StringComparer.Ordinal), rights, _collector, stores);

    private IEnumerable<KeyValuePair<string, string>> Common() =>
    [
        // Any other environment than Development refuses the local default key.
        new("ASPNETCORE_ENVIRONMENT", "Production"),
        new("ASPNETCORE_HTTP_PORTS", OrdersStack.ContainerPort.ToString(CultureInfo.InvariantCulture)),
        // A caller's address is the last one in X-Forwarded-For, which is true: nobody but the load balancer and the gateway can reach the tasks, and each
        // says there who has called it.
        new("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
        new("AWS_REGION", _stack.Region),
        new("OTEL_EXPORTER_OTLP_ENDPOINT", CollectorSidecar.Endpoint),
        // What CloudWatch adds up itself must not come as running totals.
        new("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"),
        // Logs go to the task's own log group.
        new("OTEL_LOGS_EXPORTER", "none"),
        new("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        new("OTEL_TRACES_SAMPLER_ARG", _settings.TraceRatio.ToString(CultureInfo.InvariantCulture)),
    ];

    private IEnumerable<KeyValuePair<string, string>> Table() => [new("Orders__Table", _settings.TableName)];

    private static IEnumerable<KeyValuePair<string, string>> Streams(OrdersNetwork network) =>
        network.StreamsAddress is { } address ? [new("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", address)] : [];

    private IEnumerable<KeyValuePair<string, string>> ReadStores(string user) =>
    [
        new("ConnectionStrings__orders", _readModel.ConnectionString(user)),
        new("Orders__PostgresSignIn", "iam"),
        new("ConnectionStrings__redis", _cache.ConnectionString),
    ];
}
