using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.RDS;
using Amazon.CDK.CustomResources;
using Constructs;

namespace Orders.Infra.Data;

/// <summary>
/// The database users of the services: <see cref="Sync"/> creates the tables and writes, <see cref="Query"/>
/// reads, <see cref="Warehouse"/> follows changes. An idempotent statement creates them when the stack is
/// deployed; they have no password.
/// </summary>
internal static class DatabaseUsers
{
    /// <summary>Orders.Sync: owns the tables.</summary>
    public const string Sync = "orders_sync";

    /// <summary>Orders.Query: reads them.</summary>
    public const string Query = "orders_query";

    /// <summary>Orders.Warehouse: owns the schema <c>warehouse</c>, reads the tables, replicates.</summary>
    public const string Warehouse = "orders_warehouse";

    public static IReadOnlyList<string> Names { get; } = [Sync, Query, Warehouse];

    /// <summary>The statement, for an administrator.</summary>
    public static string Sql { get; } = ReadSql();

    /// <summary>
    /// Runs it by the database's Data API, since the deploying machine has no access to the VPC.
    /// </summary>
    public static AwsCustomResource Make(Construct scope, DatabaseCluster cluster, string administratorSecretArn, string database)
    {
        var call = new AwsSdkCall
        {
            Service = "@aws-sdk/client-rds-data",
            Action = "ExecuteStatementCommand",
            Parameters = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["resourceArn"] = cluster.ClusterArn,
                ["secretArn"] = administratorSecretArn,
                ["database"] = database,
                ["sql"] = Sql,
            },
            PhysicalResourceId = PhysicalResourceId.Of("database-users"),
        };
        var users = new AwsCustomResource(scope, "DatabaseUsers", new AwsCustomResourceProps
        {
            OnCreate = call,
            OnUpdate = call,
            InstallLatestAwsSdk = false,
            ResourceType = "Custom::DatabaseUsers",
            Timeout = Duration.Minutes(2),
            Policy = AwsCustomResourcePolicy.FromStatements(
            [
                new PolicyStatement(new PolicyStatementProps { Actions = ["rds-data:ExecuteStatement"], Resources = [cluster.ClusterArn] }),
                new PolicyStatement(new PolicyStatementProps { Actions = ["secretsmanager:GetSecretValue"], Resources = [administratorSecretArn] }),
            ]),
        });
        users.Node.AddDependency(cluster);
        return users;
    }

    private static string ReadSql()
    {
        using var file = typeof(DatabaseUsers).Assembly.GetManifestResourceStream("DatabaseUsers.sql")
            ?? throw new InvalidOperationException("DatabaseUsers.sql is not in the assembly.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Trim();
    }
}
