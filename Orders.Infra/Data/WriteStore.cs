using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Orders.Infra.Settings;
using Attribute = Amazon.CDK.AWS.DynamoDB.Attribute;

namespace Orders.Infra.Data;

/// <summary>The table of orders, with its stream.</summary>
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
    /// The calls of Orders.Api: Place, Batch, ChangeStatus, Delete, and the check of the table at the start.
    /// A transaction needs the permissions of its parts.
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
    /// The calls of Orders.Sync: the stream, and reads of the table for snapshots and comparisons. It never
    /// writes to it.
    /// </summary>
    public IReadOnlyList<PolicyStatement> Following => [Allow([Table.TableArn], "dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:DescribeTable"), .. ReadingStream];

    /// <summary>
    /// The calls of Orders.Warehouse: the stream, and reads of the table for snapshots.
    /// </summary>
    public IReadOnlyList<PolicyStatement> Logging => [Allow([Table.TableArn], "dynamodb:Scan", "dynamodb:GetItem", "dynamodb:DescribeTable"), .. ReadingStream];

    private IReadOnlyList<PolicyStatement> ReadingStream =>
    [
        // A stream that is disabled and enabled again has a new ARN, and must still be readable.
        Allow([$"{Table.TableArn}/stream/*"], "dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"),
        // Lists streams by the table's name: the action has no resource.
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
        // Set by its CloudFormation name, since the property of the construct was renamed between versions
        // of the CDK.
        ((CfnTable)table.Node.DefaultChild!).AddPropertyOverride("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", true);
        return table;
    }

    private static PolicyStatement Allow(string[] resources, params string[] actions) => new(new PolicyStatementProps { Actions = actions, Resources = resources });
}
