using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Orders.Infra.Settings;
using Attribute = Amazon.CDK.AWS.DynamoDB.Attribute;

namespace Orders.Infra.Data;

/// <summary>The table that orders are written to, with the stream that everything else follows.</summary>
internal sealed class WriteStore
{
    public WriteStore(Construct scope, OrdersStackSettings settings)
    {
        Table = settings.ExistingTable
            ? Amazon.CDK.AWS.DynamoDB.Table.FromTableName(scope, "Table", settings.TableName)
            : Make(scope, settings);
    }

    public ITable Table { get; }

    /// <summary>
    /// What Orders.Api calls: Place, Batch, ChangeStatus, Delete, and its look at the table at the start. A
    /// transaction needs the rights of its parts.
    /// </summary>
    public PolicyStatement Writing => Allow(
        [Table.TableArn],
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive");

    /// <summary>
    /// What Orders.Sync calls: the stream, and the table for snapshots and comparisons. It never writes
    /// there.
    /// </summary>
    public IReadOnlyList<PolicyStatement> Following =>
    [
        Allow([Table.TableArn], "dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:DescribeTable"),
        // A stream that is switched off and on again has a new ARN, and must still be read.
        Allow([$"{Table.TableArn}/stream/*"], "dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"),
        // Lists streams by the table's name: AWS knows no resource for it.
        Allow(["*"], "dynamodb:ListStreams"),
    ];

    private static Table Make(Construct scope, OrdersStackSettings settings)
    {
        var table = new Table(scope, "Table", new TableProps
        {
            TableName = settings.TableName,
            PartitionKey = new Attribute { Name = "pk", Type = AttributeType.STRING },
            SortKey = new Attribute { Name = "sk", Type = AttributeType.STRING },
            BillingMode = BillingMode.PAY_PER_REQUEST,
            Stream = StreamViewType.NEW_AND_OLD_IMAGES,
            TimeToLiveAttribute = "expires_at",
            Encryption = TableEncryption.AWS_MANAGED,
            DeletionProtection = settings.KeepData,
            RemovalPolicy = settings.KeepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        });
        // By its CloudFormation name: the construct's own property for it was renamed between versions of
        // the CDK.
        ((CfnTable)table.Node.DefaultChild!).AddPropertyOverride("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", true);
        return table;
    }

    private static PolicyStatement Allow(string[] resources, params string[] actions) => new(new PolicyStatementProps { Actions = actions, Resources = resources });
}
