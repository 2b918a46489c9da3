using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>
/// Who may do what: exactly what the code calls, and nothing by a wildcard that AWS lets one name.
/// </summary>
public sealed class RightsTests(SynthesizedStacks stacks)
{
    private const string Table = "${TableCD117FA1.Arn}";

    // AWS knows no resource for these actions: its policies demand "*".
    private static readonly string[] WithoutResource =
    [
        // Gives a token for the whole registry; what may be pulled is said by the other rights.
        "ecr:GetAuthorizationToken",
        // Takes the table's name as a filter, and lists any.
        "dynamodb:ListStreams",
        // A trace belongs to no resource.
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
    ];

    // Names that are not known when the stack is made.
    private static readonly string[] NamedWithWildcard =
    [
        // A stream that is switched off and on again has a new name, and must still be read.
        Table + "/stream/*",
        "arn:${AWS::Partition}:dynamodb:eu-central-1:${AWS::AccountId}:table/their-orders/stream/*",
    ];

    [Fact]
    public void No_statement_has_a_wildcard_that_could_be_a_name()
    {
        foreach (var template in new[] { stacks.Whole, stacks.Trial, stacks.Existing, stacks.Small })
        {
            var statements = Statement.All(template.Json).Where(statement => !Empties(template, statement)).ToList();

            statements.Count.ShouldBeGreaterThan(5);
            foreach (var statement in statements.Where(statement => statement.Allows))
            {
                statement.Actions.ShouldAllBe(action => !action.Contains('*') && !action.Contains("Not"), statement.ToString());
                statement.Resources.ShouldAllBe(
                    resource => resource == "*" ? statement.Actions.All(WithoutResource.Contains) : !resource.Contains('*') && !resource.Contains("Not") || NamedWithWildcard.Contains(resource) || resource == $"{Lake(template)}/lake/*",
                    statement.ToString());
            }
        }
    }

    [Fact]
    public void The_exceptions_are_all_in_use()
    {
        var allowed = Statement.All(stacks.Whole.Json).Where(statement => statement.Allows).ToList();

        WithoutResource.ShouldAllBe(action => allowed.Exists(statement => statement.Actions.Contains(action) && statement.Resources.Contains("*")));
        allowed.AddRange(Statement.All(stacks.Existing.Json).Where(statement => statement.Allows));
        NamedWithWildcard.ShouldAllBe(resource => allowed.Exists(statement => statement.Resources.Contains(resource)));
    }

    [Fact]
    public void Orders_Api_may_do_to_the_table_what_it_calls() =>
        Own("Api").ShouldBe(
            new[] { "PutItem", "UpdateItem", "DeleteItem", "GetItem", "BatchWriteItem", "DescribeTable", "DescribeTimeToLive" }.Select(call => ($"dynamodb:{call}", Table)),
            ignoreOrder: true);

    [Fact]
    public void Orders_Sync_may_read_the_table_and_its_stream_and_sign_in_as_itself() =>
        Own("Sync").ShouldBe(
            [
                ("dynamodb:Scan", Table), ("dynamodb:BatchGetItem", Table), ("dynamodb:DescribeTable", Table),
                ("dynamodb:DescribeStream", Table + "/stream/*"), ("dynamodb:GetShardIterator", Table + "/stream/*"), ("dynamodb:GetRecords", Table + "/stream/*"),
                ("dynamodb:ListStreams", "*"), ("rds-db:connect", User("orders_sync")),
            ],
            ignoreOrder: true);

    [Fact]
    public void Orders_Query_may_sign_in_as_itself_and_nothing_else() => Own("Query").ShouldBe([("rds-db:connect", User("orders_query"))]);

    [Fact]
    public void Orders_GraphQL_may_do_nothing() => new ServiceTask(stacks.Whole.Json, "GraphQl").Rights.ShouldBeEmpty();

    [Fact]
    public void Orders_Warehouse_may_follow_the_table_write_the_lake_below_its_prefix_and_sign_in_as_itself_on_both_ways() =>
        Own("Warehouse").ShouldBe(
            [
                ("dynamodb:Scan", Table), ("dynamodb:GetItem", Table), ("dynamodb:DescribeTable", Table),
                ("dynamodb:DescribeStream", Table + "/stream/*"), ("dynamodb:GetShardIterator", Table + "/stream/*"), ("dynamodb:GetRecords", Table + "/stream/*"),
                ("dynamodb:ListStreams", "*"), ("rds-db:connect", User("orders_warehouse")), ("rds-db:connect", DirectUser("orders_warehouse")),
                ("s3:GetObject", $"{Lake(stacks.Whole)}/lake/*"), ("s3:PutObject", $"{Lake(stacks.Whole)}/lake/*"), ("s3:DeleteObject", $"{Lake(stacks.Whole)}/lake/*"),
                ("s3:AbortMultipartUpload", $"{Lake(stacks.Whole)}/lake/*"), ("s3:ListBucket", Lake(stacks.Whole)),
            ],
            ignoreOrder: true);

    [Fact]
    public void Redshift_may_read_the_lake_below_its_prefix_and_nothing_else()
    {
        var role = stacks.Whole.Json.Named("AWS::IAM::Role", "RedshiftRole").Name;

        Statement.All(stacks.Whole.Json).Where(statement => statement.IsHeldBy(role)).SelectMany(statement => from action in statement.Actions from resource in statement.Resources select (action, resource))
            .ShouldBe([("s3:GetObject", $"{Lake(stacks.Whole)}/lake/*"), ("s3:ListBucket", Lake(stacks.Whole))], ignoreOrder: true);
    }

    [Fact]
    public void Whoever_lists_the_lake_lists_it_below_its_prefix()
    {
        var lists = Statement.All(stacks.Whole.Json).Where(statement => statement.Allows && statement.Actions.Contains("s3:ListBucket")).ToList();

        lists.Count.ShouldBe(2);
        lists.ShouldAllBe(statement => Squeezed(statement).Contains("""{"StringLikeIfExists":{"s3:prefix":"lake/*"}}"""));
    }

    [Theory]
    [InlineData("GraphQl")]
    [InlineData("Warehouse", "WarehouseKey", "RedshiftPassword")]
    [InlineData("Api", "WriteKey")]
    [InlineData("Sync", "OperationsKey", "CacheToken")]
    [InlineData("Query", "ReadKey", "CacheToken", "CursorKey")]
    public void A_task_is_started_with_its_own_secrets_only(string service, params string[] secrets) =>
        new ServiceTask(stacks.Whole.Json, service).StartRights.Where(right => right.Action == "secretsmanager:GetSecretValue").Select(right => right.Resource)
            .ShouldBe(secrets.Select(secret => $"${{{stacks.Whole.Json.Named("AWS::SecretsManager::Secret", secret).Name}}}"), ignoreOrder: true);

    // What empties the bucket of a trial before it is removed is the CDK's own, and names its actions by
    // wildcards.
    private bool Empties(SynthesizedStack stack, Statement statement) => stack == stacks.Trial && statement.Actions.Contains("s3:DeleteObject*");

    private static string Squeezed(Statement statement) => statement.ToString().Replace(" ", "").Replace("\n", "");

    private static string Lake(SynthesizedStack stack) => $"${{{stack.Json.Only("AWS::S3::Bucket").Name}.Arn}}";

    // Beside them each has those of its collector.
    private IEnumerable<(string Action, string Resource)> Own(string service) => new ServiceTask(stacks.Whole.Json, service).Rights.Where(right => !IsCollectors(right));

    private bool IsCollectors((string Action, string Resource) right) =>
        right is ("xray:PutTraceSegments" or "xray:PutTelemetryRecords", "*")
        || (right.Action is "logs:CreateLogStream" or "logs:PutLogEvents" && right.Resource == $"${{{stacks.Whole.Json.Named("AWS::Logs::LogGroup", "Metrics").Name}.Arn}}");

    private string DirectUser(string name) =>
        $"arn:${{AWS::Partition}}:rds-db:eu-central-1:${{AWS::AccountId}}:dbuser:${{{stacks.Whole.Json.Only("AWS::RDS::DBCluster").Name}.DBClusterResourceId}}/{name}";

    private static string User(string name) =>
        $"arn:${{AWS::Partition}}:rds-db:eu-central-1:${{AWS::AccountId}}:dbuser:{{\"Fn::Select\":[6,{{\"Fn::Split\":[\":\",{{\"Fn::GetAtt\":[\"Proxy\",\"DBProxyArn\"]}}]}}]}}/{name}";
}
