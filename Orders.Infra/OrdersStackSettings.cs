using Orders.Infra.Hosting;
using Orders.Infra.Keys;
using Orders.Infra.Network;

namespace Orders.Infra;

/// <summary>
/// Every name and size of the stack. The defaults suit a first production; <see cref="Check"/> tells what is wrong, naming the parameter as
/// it is typed on the command line.
/// </summary>
public sealed record OrdersStackSettings
{
    /// <summary><c>name</c>: what the names of alarms, dashboard, proxy and log group begin with.</summary>
    public string Name { get; init; } = "orders";

    /// <summary><c>tableName</c>: the DynamoDB table, <c>Orders__Table</c> of the services.</summary>
    public string TableName { get; init; } = "orders";

    /// <summary><c>existingTable</c>: whether <see cref="TableName"/> is there already, in the stack's account and region. The stack then uses it and changes nothing about it.</summary>
    public bool ExistingTable { get; init; }

    /// <summary><c>databaseName</c>: the database of the read model.</summary>
    public string DatabaseName { get; init; } = "orders";

    /// <summary><c>vpcCidr</c>: the addresses of a new VPC; with an existing one, who may call a load balancer that has no certificate.</summary>
    public string VpcCidr { get; init; } = "10.20.0.0/16";

    /// <summary><c>zones</c>: in how many availability zones a new VPC has subnets. More than 2 needs an account and a region that are known when synthesizing.</summary>
    public int Zones { get; init; } = 2;

    /// <summary>The VPC to use instead of a new one (<c>vpcId</c> and its companions); null for a new one.</summary>
    public ExistingVpc? Vpc { get; init; }

    /// <summary><c>endpoints</c>: whether VPC endpoints are made. Null for "with a new VPC only": an existing one has them, or a NAT gateway.</summary>
    public bool? Endpoints { get; init; }

    /// <summary><c>postgresVersion</c>: of Aurora PostgreSQL, with the minor version.</summary>
    public string PostgresVersion { get; init; } = "17.5";

    /// <summary><c>databaseMinCapacity</c>: Aurora capacity units when idle; one is about 2 GiB of memory.</summary>
    public double DatabaseMinCapacity { get; init; } = 0.5;

    /// <summary><c>databaseMaxCapacity</c>: Aurora capacity units at most, for each instance.</summary>
    public double DatabaseMaxCapacity { get; init; } = 8;

    /// <summary><c>databaseReaders</c>: instances beside the writer, which take over when it fails.</summary>
    public int DatabaseReaders { get; init; } = 1;

    /// <summary><c>databaseBackupDays</c>: how far back the database can be restored.</summary>
    public int DatabaseBackupDays { get; init; } = 14;

    /// <summary><c>cacheNodeType</c>: of ElastiCache.</summary>
    public string CacheNodeType { get; init; } = "cache.t4g.small";

    /// <summary><c>cacheReplicas</c>: nodes beside the primary, which take over when it fails.</summary>
    public int CacheReplicas { get; init; } = 1;

    /// <summary><c>cacheVersion</c>: of Valkey.</summary>
    public string CacheVersion { get; init; } = "8.0";

    /// <summary><c>archiveInfrequentDays</c>: when an archived object moves to infrequent access.</summary>
    public int ArchiveInfrequentDays { get; init; } = 30;

    /// <summary><c>archiveColdDays</c>: when it moves to Glacier.</summary>
    public int ArchiveColdDays { get; init; } = 180;

    /// <summary><c>archiveKeepDays</c>: when it is removed; null for never.</summary>
    public int? ArchiveKeepDays { get; init; }

    /// <summary><c>keepData</c>: whether removing the stack leaves the table, a snapshot of the database, the bucket and the keys. False only for trials.</summary>
    public bool KeepData { get; init; } = true;

    /// <summary><c>logDays</c>: how long logs are kept.</summary>
    public int LogDays { get; init; } = 30;

    /// <summary><c>traceRatio</c>: which part of the requests is traced, 0 to 1. X-Ray bills by the trace.</summary>
    public double TraceRatio { get; init; } = 0.01;

    /// <summary><c>collectorImage</c>: an image of the AWS Distro for OpenTelemetry in a registry that the tasks reach; null to build <c>Collector/Dockerfile</c> when deploying.</summary>
    public string? CollectorImage { get; init; }

    /// <summary><c>alarmEmail</c>: who is told of alarms; null for nobody but those who subscribe to the topic.</summary>
    public string? AlarmEmail { get; init; }

    /// <summary><c>alarmLagSeconds</c>: the lag of the read side that raises an alarm, in seconds.</summary>
    public int AlarmLagSeconds { get; init; } = 60;

    /// <summary><c>writeKey</c>: the first key with the scope <c>orders:write</c>, as <c>new-key</c> printed it; null for one to be put into its secret later.</summary>
    public KeyHash? WriteKey { get; init; }

    /// <summary><c>readKey</c>: likewise for <c>orders:read</c>.</summary>
    public KeyHash? ReadKey { get; init; }

    /// <summary><c>operationsKey</c>: likewise for <c>operations</c>.</summary>
    public KeyHash? OperationsKey { get; init; }

    /// <summary>What <see cref="OrdersServicesStack"/> runs (<c>apiImage</c> and its companions); null when another stack makes the tasks.</summary>
    public ServiceImages? Images { get; init; }

    /// <summary><c>certificateArn</c>: of ACM, for the load balancer of <see cref="OrdersServicesStack"/>; null for one inside the VPC, without TLS.</summary>
    public string? CertificateArn { get; init; }

    /// <summary><c>tasks</c>: instances of each service.</summary>
    public int Tasks { get; init; } = 2;

    /// <summary><c>taskCpu</c>: of each instance; 1024 is one processor.</summary>
    public int TaskCpu { get; init; } = 512;

    /// <summary><c>taskMemory</c>: of each instance, in MiB.</summary>
    public int TaskMemory { get; init; } = 1024;

    /// <summary>Whether VPC endpoints are made, all things considered.</summary>
    public bool MakesEndpoints => Endpoints ?? Vpc is null;

    /// <summary>Looks at every parameter.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="StackSettingException">A parameter is wrong; the message names it and what is allowed.</exception>
    public OrdersStackSettings Check()
    {
        SettingsRules.Check(this);
        return this;
    }
}
