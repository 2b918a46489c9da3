using System.Text.Json;
using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ECS.Patterns;
using Orders.AppHost.Aws;
using Orders.Infra;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

/// <summary>The gateway in the stack's template, behind an Orders.Query of any image. The CDK needs Node, and no account.</summary>
public sealed class GatewayTests : IDisposable
{
    private const string Certificate = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

    private readonly string _folder = Directory.CreateTempSubdirectory("orders-gateway-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_asks_the_tasks_of_the_Query_by_a_name_inside_the_vpc_and_is_admitted_there()
    {
        var resources = Synthesize();

        var names = Of(resources, "AWS::ServiceDiscovery::PrivateDnsNamespace").ShouldHaveSingleItem().GetProperty("Name").GetString();
        var name = Of(resources, "AWS::ServiceDiscovery::Service").ShouldHaveSingleItem().GetProperty("Name").GetString();
        var container = Of(resources, "AWS::ECS::TaskDefinition").SelectMany(task => task.GetProperty("ContainerDefinitions").EnumerateArray())
            .Single(each => each.GetProperty("Name").GetString() == "orders-graphql");
        container.GetProperty("Environment").EnumerateArray().Select(pair => $"{pair.GetProperty("Name")}={pair.GetProperty("Value")}").ShouldBe(
            [$"ORDERS_QUERY_URL=http://{name}.{names}:8080", "HOST=0.0.0.0", "NODE_ENV=production", "PORT=8080", "GRAPHQL_TRUST_PROXY=true"], ignoreOrder: true);
        container.TryGetProperty("Secrets", out _).ShouldBeFalse("it hands its callers' keys on");
        Of(resources, "AWS::EC2::SecurityGroupIngress").Select(Rule).ShouldContain("GraphQlGroup -> QueryGroup:8080");
    }

    [Fact]
    public void It_is_reached_by_its_own_load_balancer_over_HTTPS_only()
    {
        var resources = Synthesize();

        Of(resources, "AWS::EC2::SecurityGroupIngress").Select(Rule).Where(rule => rule.Contains("-> GraphQlGroup", StringComparison.Ordinal)).ShouldBe(["GatewayLBSecurityGroup -> GraphQlGroup:8080"]);
        var listeners = resources.Where(each => each.Name.StartsWith("GatewayLB", StringComparison.Ordinal) && each.Value.GetProperty("Type").GetString() == "AWS::ElasticLoadBalancingV2::Listener")
            .Select(each => each.Value.GetProperty("Properties")).ToList();
        listeners.Select(each => $"{each.GetProperty("Port")} {each.GetProperty("DefaultActions")[0].GetProperty("Type")}").ShouldBe(["443 forward", "80 redirect"], ignoreOrder: true);
        Of(resources, "AWS::Route53::RecordSet").Select(each => each.GetProperty("Name").GetString()).ShouldContain("graphql.example.com.");
    }

    private List<JsonProperty> Synthesize()
    {
        var settings = new AwsSettings("eu-central-1", new() { CertificateArn = Certificate }, new("api.example.com", "orders.example.com", "graphql.example.com", "Z1", "example.com"));
        var app = new App(new AppProps { Outdir = _folder });
        var stack = new AwsStack(app, "Orders", settings.Stack, new StackProps());
        var query = new ApplicationLoadBalancedFargateService(stack, "Query", new ApplicationLoadBalancedFargateServiceProps
        {
            Cluster = stack.Cluster,
            SecurityGroups = [stack.Query.SecurityGroup],
            CloudMapOptions = GatewayOnAws.NameQuery(stack),
            TaskImageOptions = new ApplicationLoadBalancedTaskImageOptions { Image = ContainerImage.FromRegistry("query"), ContainerPort = OrdersStack.ContainerPort },
        });
        GatewayOnAws.Add(stack, new("GraphQl", settings.Domain!.GraphQl, settings, made => made.GraphQl), Source(), query.Service);
        app.Synth();
        using var template = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "Orders.template.json")));
        return [.. template.RootElement.GetProperty("Resources").Clone().EnumerateObject()];
    }

    private static IEnumerable<JsonElement> Of(List<JsonProperty> resources, string type) =>
        resources.Where(each => each.Value.GetProperty("Type").GetString() == type).Select(each => each.Value.GetProperty("Properties"));

    private static string Rule(JsonElement rule) => $"{Group(rule.GetProperty("SourceSecurityGroupId"))} -> {Group(rule.GetProperty("GroupId"))}:{rule.GetProperty("FromPort")}";

    // The CDK appends a hash of eight to a name.
    private static string Group(JsonElement id) => id.GetProperty("Fn::GetAtt")[0].GetString()![..^8];

    private static string Source()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "Orders.GraphQL")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The project's folder is not above the tests'.");
        return Path.Combine(folder, "Orders.GraphQL");
    }
}
