using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

public sealed class NetworkTests(SynthesizedStacks stacks)
{
    [Fact]
    public void A_new_vpc_has_endpoints_for_all_that_the_tasks_call_and_no_other_way_out()
    {
        stacks.Whole.Json.OfType("AWS::EC2::NatGateway").ShouldBeEmpty();
        Endpoints("Gateway").ShouldBe(["dynamodb", "s3"], ignoreOrder: true);
        Endpoints("Interface").ShouldBe(["dynamodb-streams", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "xray"], ignoreOrder: true);

        IEnumerable<string> Endpoints(string kind) => stacks.Whole.Json.OfType("AWS::EC2::VPCEndpoint")
            .Where(endpoint => endpoint.Text("VpcEndpointType") == kind)
            // com.amazonaws.<region>.<service>
            .Select(endpoint => string.Join('.', endpoint.Text("ServiceName").Split('.')[3..]));
    }

    [Fact]
    public void Streams_have_no_private_dns_so_that_Orders_Sync_is_told_the_endpoints_own_name()
    {
        var endpoint = stacks.Whole.Json.Named("AWS::EC2::VPCEndpoint", "StreamsEndpoint");

        endpoint["PrivateDnsEnabled"].GetBoolean().ShouldBeFalse();
        var address = new ServiceTask(stacks.Whole.Json, "Sync").Environment["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"];
        address.ShouldStartWith("https://");
        address.ShouldContain($"[\"{endpoint.Name}\",\"DnsEntries\"]");
    }

    [Fact]
    public void Stores_and_tasks_live_in_private_subnets()
    {
        var isPublic = stacks.Whole.Json.OfType("AWS::EC2::Route").Where(route => route["GatewayId"].ValueKind != System.Text.Json.JsonValueKind.Undefined)
            .Select(route => TemplateJson.Target(route["RouteTableId"])!).ToHashSet(StringComparer.Ordinal);
        var publicSubnets = stacks.Whole.Json.OfType("AWS::EC2::SubnetRouteTableAssociation").Where(link => isPublic.Contains(TemplateJson.Target(link["RouteTableId"])!))
            .Select(link => TemplateJson.Target(link["SubnetId"])!).ToHashSet(StringComparer.Ordinal);

        publicSubnets.Count.ShouldBe(2);
        stacks.Whole.Json.OfType("AWS::EC2::Subnet").ShouldAllBe(subnet => !subnet["MapPublicIpOnLaunch"].GetBoolean());
        foreach (var (type, path) in new[]
        {
            ("AWS::RDS::DBSubnetGroup", "SubnetIds"),
            ("AWS::RDS::DBProxy", "VpcSubnetIds"),
            ("AWS::ElastiCache::SubnetGroup", "SubnetIds"),
            ("AWS::RedshiftServerless::Workgroup", "SubnetIds"),
            ("AWS::ECS::Service", "NetworkConfiguration.AwsvpcConfiguration.Subnets"),
        })
        {
            foreach (var resource in stacks.Whole.Json.OfType(type))
            {
                resource[path].EnumerateArray().Select(subnet => TemplateJson.Target(subnet)!).ShouldAllBe(subnet => !publicSubnets.Contains(subnet), resource.Name);
            }
        }
    }

    [Fact]
    public void Zones_are_as_many_as_asked_for_without_an_account_to_ask()
    {
        Zones(stacks.Whole.Json).ShouldBe(["0", "1"]);
        Zones(stacks.Trial.Json).ShouldBe(["0", "1", "2"]);

        static IEnumerable<string> Zones(TemplateJson template) => template.OfType("AWS::EC2::Subnet")
            .Select(subnet => subnet["AvailabilityZone"].GetProperty("Fn::Select")[0].GetRawText()).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void An_existing_vpc_is_used_as_it_is()
    {
        foreach (var type in new[] { "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::VPCEndpoint", "AWS::EC2::RouteTable" })
        {
            stacks.Existing.Json.OfType(type).ShouldBeEmpty();
        }

        stacks.Existing.Json.OfType("AWS::EC2::SecurityGroup").ShouldAllBe(group => group.Text("VpcId") == "vpc-0a1b2c3d");
        stacks.Existing.Json.Only("AWS::RDS::DBProxy")["VpcSubnetIds"].EnumerateArray().Select(TemplateJson.Text).ShouldBe(["subnet-1", "subnet-2"]);
    }
}
