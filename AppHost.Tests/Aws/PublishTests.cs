using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Aws;

/// <summary>What <c>aspire publish</c> writes.</summary>
public sealed class PublishTests : IDisposable
{
    private const string Certificate = $"arn:aws:acm:{PipelineRun.Region}:123456789012:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

    // Actions that AWS does not allow to limit to a resource.
    private static readonly string[] WithoutResource =
        ["ecr:GetAuthorizationToken", "dynamodb:ListStreams", "xray:PutTraceSegments", "xray:PutTelemetryRecords"];

    private readonly string _folder = Directory.CreateTempSubdirectory("orders-publish-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_whole_stack_with_the_parameters_of_the_configuration()
    {
        var environment = new Dictionary<string, string?> { ["Parameters__certificateArn"] = Certificate };
        var run = await PipelineRun.OfAsync("publish", _folder, environment, "--Parameters:tableName=their-orders");

        run.ExitCode.ShouldBe(0, run.ToString());
        run.Errors.ShouldBeEmpty();
        var template = Path.Combine(_folder, "cdk.out", "Orders.template.json");
        run.Output.ShouldContain(template);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(template, TestContext.Current.CancellationToken));
        var resources = json.RootElement.GetProperty("Resources").EnumerateObject().Select(resource => resource.Value).ToList();
        Of("AWS::ECS::Service").Count.ShouldBe(5);
        Of("AWS::DynamoDB::Table").ShouldHaveSingleItem().GetProperty("TableName").GetString().ShouldBe("their-orders");
        Of("AWS::RDS::DBCluster").ShouldHaveSingleItem();
        Of("AWS::ElastiCache::ReplicationGroup").ShouldHaveSingleItem();
        Of("AWS::ElasticLoadBalancingV2::Listener").ShouldContain(listener => listener.GetRawText().Contains(Certificate));
        var statements = resources.SelectMany(Statements).ToList();
        statements.Count.ShouldBeGreaterThan(5);
        statements.ShouldAllBe(statement => !IsWide(statement));

        List<JsonElement> Of(string type) =>
            [.. resources.Where(resource => resource.GetProperty("Type").GetString() == type).Select(resource => resource.GetProperty("Properties"))];
    }

    [Fact]
    public async Task A_parameter_that_does_not_exist_is_one_line_with_the_nearest_and_nothing_is_written()
    {
        var run = await PipelineRun.OfAsync("publish", _folder, arguments: "--Parameters:certifcateArn=x");

        run.Errors.ShouldHaveSingleItem().ShouldBe("Parameters:certifcateArn: The stack has no such parameter. The nearest is certificateArn.");
        run.ExitCode.ShouldBe(1);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_one_line_with_the_way_out()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var run = await PipelineRun.OfAsync("publish", Path.Combine(file, "out"));

        var line = run.Errors.ShouldHaveSingleItem();
        line.ShouldStartWith($"Cannot write in '{file}/out/cdk.out': ");
        line.ShouldEndWith("Choose another folder with --output-path.");
        run.ExitCode.ShouldBe(1);
    }

    private static bool IsWide(JsonElement statement) =>
        Texts(statement, "Action").Any(action => action.Contains('*'))
        || (Texts(statement, "Resource").Contains("*") && !Texts(statement, "Action").All(WithoutResource.Contains));

    private static IEnumerable<string> Texts(JsonElement statement, string name) =>
        !statement.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(each => each.ToString())
        : [value.ToString()];

    // Statements of all kinds: policies, roles, buckets, endpoints.
    private static IEnumerable<JsonElement> Statements(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when value.TryGetProperty("Effect", out var effect) => effect.GetString() == "Allow" ? [value] : [],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(each => Statements(each.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Statements),
        _ => [],
    };
}
