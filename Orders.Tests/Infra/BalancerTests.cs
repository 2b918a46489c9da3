using Amazon.CDK.Assertions;
using Shouldly;
using Xunit;
using Props = System.Collections.Generic.Dictionary<string, object>;

namespace Orders.Tests.Infra;

/// <summary>What stands between clients and the services.</summary>
[Collection(SynthesizedStacks.CallsCdk)]
public sealed class BalancerTests(SynthesizedStacks stacks)
{
    private const string Balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    private const string Listener = "AWS::ElasticLoadBalancingV2::Listener";
    private const string TargetGroup = "AWS::ElasticLoadBalancingV2::TargetGroup";
    private const string Record = "AWS::Route53::RecordSet";

    private static readonly string[] Balanced = ["Api", "Query", "GraphQl"];

    [Theory]
    [InlineData("Api")]
    [InlineData("Query")]
    [InlineData("GraphQl")]
    public void A_service_is_reached_over_HTTPS_and_HTTP_leads_there(string service)
    {
        var balancer = stacks.Whole.Json.Named(Balancer, $"{service}LoadBalancer").Name;

        stacks.Whole.Assert.ResourcePropertiesCountIs(Listener, new Props { ["LoadBalancerArn"] = Reference(balancer) }, 2);
        stacks.Whole.Assert.HasResourceProperties(Listener, new Props
        {
            ["LoadBalancerArn"] = Reference(balancer),
            ["Port"] = 443,
            ["Protocol"] = "HTTPS",
            ["SslPolicy"] = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            ["Certificates"] = new[] { new Props { ["CertificateArn"] = SynthesizedStacks.Certificate } },
            ["DefaultActions"] = new[] { new Props { ["Type"] = "forward", ["TargetGroupArn"] = Reference(Targets(service).Name) } },
        });
        stacks.Whole.Assert.HasResourceProperties(Listener, new Props
        {
            ["LoadBalancerArn"] = Reference(balancer),
            ["Port"] = 80,
            ["Protocol"] = "HTTP",
            ["DefaultActions"] = new[] { Match.ObjectLike(new Props { ["Type"] = "redirect", ["RedirectConfig"] = new Props { ["Port"] = "443", ["Protocol"] = "HTTPS", ["StatusCode"] = "HTTP_301" } }) },
        });
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Query")]
    [InlineData("GraphQl")]
    public void It_forwards_to_the_services_own_container(string service)
    {
        var target = stacks.Whole.Json.Named("AWS::ECS::Service", $"{service}Service")["LoadBalancers"][0];

        target.GetProperty("ContainerName").GetString().ShouldBe($"orders-{service.ToLowerInvariant()}");
        target.GetProperty("ContainerPort").GetInt32().ShouldBe(8080);
        TemplateJson.Target(target.GetProperty("TargetGroupArn")).ShouldBe(Targets(service).Name);
    }

    [Fact]
    public void Each_is_on_the_internet_drops_malformed_headers_and_cannot_be_deleted_by_mistake()
    {
        stacks.Whole.Assert.ResourceCountIs(Balancer, 3);
        stacks.Whole.Assert.AllResourcesProperties(Balancer, new Props
        {
            ["Scheme"] = "internet-facing",
            ["LoadBalancerAttributes"] = Match.ArrayWith([Attribute("deletion_protection.enabled", "true"), Attribute("routing.http.drop_invalid_header_fields.enabled", "true")]),
        });
        stacks.Trial.Assert.AllResourcesProperties(Balancer, new Props { ["LoadBalancerAttributes"] = Match.ArrayWith([Attribute("deletion_protection.enabled", "false")]) });
    }

    [Fact]
    public void Each_asks_its_tasks_whether_they_are_ready_and_lets_requests_end()
    {
        stacks.Whole.Assert.ResourceCountIs(TargetGroup, 3);
        stacks.Whole.Assert.AllResourcesProperties(TargetGroup, new Props
        {
            ["Port"] = 8080,
            ["Protocol"] = "HTTP",
            ["TargetType"] = "ip",
            ["HealthCheckPath"] = "/health/ready",
            ["HealthCheckIntervalSeconds"] = 10,
            ["HealthyThresholdCount"] = 2,
            ["UnhealthyThresholdCount"] = 3,
            ["TargetGroupAttributes"] = Match.ArrayWith([Attribute("deregistration_delay.timeout_seconds", "30")]),
        });
    }

    [Fact]
    public void Without_a_certificate_all_three_are_inside_the_vpc_and_speak_HTTP()
    {
        stacks.Trial.Assert.ResourceCountIs(Balancer, 3);
        stacks.Trial.Assert.AllResourcesProperties(Balancer, new Props { ["Scheme"] = "internal" });
        stacks.Trial.Assert.ResourceCountIs(Listener, 3);
        stacks.Trial.Assert.AllResourcesProperties(Listener, new Props
        {
            ["Port"] = 80,
            ["Protocol"] = "HTTP",
            ["DefaultActions"] = new[] { Match.ObjectLike(new Props { ["Type"] = "forward" }) },
        });
    }

    [Fact]
    public void Without_public_subnets_all_three_are_inside_the_vpc_and_speak_HTTPS()
    {
        stacks.Existing.Assert.AllResourcesProperties(Balancer, new Props { ["Scheme"] = "internal", ["Subnets"] = new[] { "subnet-1", "subnet-2" } });
        stacks.Existing.Assert.ResourcePropertiesCountIs(Listener, new Props { ["Port"] = 443, ["Protocol"] = "HTTPS" }, 3);
    }

    [Fact]
    public void Each_has_its_name_in_the_zone()
    {
        stacks.Whole.Assert.ResourceCountIs(Record, 3);
        foreach (var (service, name) in Balanced.Zip(["api.example.com.", "orders.example.com.", "graphql.example.com."]))
        {
            var balancer = stacks.Whole.Json.Named(Balancer, $"{service}LoadBalancer").Name;
            stacks.Whole.Assert.HasResourceProperties(Record, new Props
            {
                ["Name"] = name,
                ["Type"] = "A",
                ["HostedZoneId"] = "Z1",
                ["AliasTarget"] = new Props { ["HostedZoneId"] = new Props { ["Fn::GetAtt"] = new[] { balancer, "CanonicalHostedZoneID" } } },
            });
        }

        stacks.Trial.Assert.ResourceCountIs(Record, 0);
        stacks.Whole.Json.Outputs.GetProperty("ApiAddress").GetProperty("Value").GetString().ShouldBe("https://api.example.com");
        TemplateJson.Text(stacks.Existing.Json.Outputs.GetProperty("ApiAddress").GetProperty("Value")).ShouldEndWith(".DNSName}");
    }

    [Fact]
    public void The_page_and_the_api_know_each_others_names_when_there_are_names()
    {
        new ServiceTask(stacks.Whole.Json, "Api").Environment["Orders__Api__AllowedOrigins"].ShouldBe("https://orders.example.com");
        new ServiceTask(stacks.Whole.Json, "Query").Environment["Console__ApiUrl"].ShouldBe("https://api.example.com");
        new ServiceTask(stacks.Trial.Json, "Api").Environment.ShouldNotContainKey("Orders__Api__AllowedOrigins");
        new ServiceTask(stacks.Trial.Json, "Query").Environment.ShouldNotContainKey("Console__ApiUrl");
    }

    private Resource Targets(string service) =>
        stacks.Whole.Json.OfType(TargetGroup).Where(group => group.Name.StartsWith($"{service}LoadBalancer", StringComparison.Ordinal)).ShouldHaveSingleItem();

    private static Props Reference(string name) => new() { ["Ref"] = name };

    private static Props Attribute(string key, string value) => new() { ["Key"] = key, ["Value"] = value };
}
