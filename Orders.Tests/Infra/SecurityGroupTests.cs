using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>Walks every rule of the template: who may open a connection to whom.</summary>
public sealed partial class SecurityGroupTests(SynthesizedStacks stacks)
{
    [Fact]
    public void Each_store_and_service_admits_exactly_those_that_use_it() =>
        Ingress(stacks.Whole.Json).ShouldBe(
            [
                "SyncGroup -> ProxyGroup:5432", "QueryGroup -> ProxyGroup:5432", "ProxyGroup -> DatabaseGroup:5432",
                "SyncGroup -> CacheGroup:6379", "QueryGroup -> CacheGroup:6379",
                "SyncGroup -> StreamsEndpointGroup:443",
                "WarehouseGroup -> ProxyGroup:5432", "WarehouseGroup -> DatabaseGroup:5432", "WarehouseGroup -> RedshiftGroup:5439",
                "WarehouseGroup -> StreamsEndpointGroup:443", "WarehouseGroup -> EndpointGroup:443",
                "ApiGroup -> EndpointGroup:443", "SyncGroup -> EndpointGroup:443", "QueryGroup -> EndpointGroup:443", "GraphQlGroup -> EndpointGroup:443",
                "ApiLoadBalancerSecurityGroup -> ApiGroup:8080", "QueryLoadBalancerSecurityGroup -> QueryGroup:8080", "GraphQlLoadBalancerSecurityGroup -> GraphQlGroup:8080",
                "GraphQlGroup -> QueryGroup:8080",
                "0.0.0.0/0 -> ApiLoadBalancerSecurityGroup:443", "0.0.0.0/0 -> QueryLoadBalancerSecurityGroup:443", "0.0.0.0/0 -> GraphQlLoadBalancerSecurityGroup:443",
                // Answers with the HTTPS address and nothing else.
                "0.0.0.0/0 -> ApiLoadBalancerSecurityGroup:80", "0.0.0.0/0 -> QueryLoadBalancerSecurityGroup:80", "0.0.0.0/0 -> GraphQlLoadBalancerSecurityGroup:80",
            ],
            ignoreOrder: true);

    [Fact]
    public void Without_a_certificate_the_load_balancers_admit_the_vpc_only() =>
        FromOutside(stacks.Trial).ShouldBe(
            ["10.20.0.0/16 -> ApiLoadBalancerSecurityGroup:80", "10.20.0.0/16 -> QueryLoadBalancerSecurityGroup:80", "10.20.0.0/16 -> GraphQlLoadBalancerSecurityGroup:80"],
            ignoreOrder: true);

    [Fact]
    public void Without_public_subnets_the_load_balancers_admit_the_vpc_only() =>
        FromOutside(stacks.Existing).ShouldBe(
            from service in new[] { "Api", "Query", "GraphQl" } from port in new[] { 80, 443 } select $"10.30.0.0/16 -> {service}LoadBalancerSecurityGroup:{port}",
            ignoreOrder: true);

    [Fact]
    public void Nobody_may_go_anywhere_but_to_aws_and_its_stores() =>
        Rules(stacks.Whole.Json, "AWS::EC2::SecurityGroupEgress", "SecurityGroupEgress", "DestinationSecurityGroupId").ShouldBe(
            [
                "ProxyGroup <- SyncGroup:5432", "ProxyGroup <- QueryGroup:5432", "DatabaseGroup <- ProxyGroup:5432",
                "CacheGroup <- SyncGroup:6379", "CacheGroup <- QueryGroup:6379",
                "ApiGroup <- ApiLoadBalancerSecurityGroup:8080", "QueryGroup <- QueryLoadBalancerSecurityGroup:8080", "GraphQlGroup <- GraphQlLoadBalancerSecurityGroup:8080",
                "QueryGroup <- GraphQlGroup:8080",
                "0.0.0.0/0 <- ApiGroup:443", "0.0.0.0/0 <- SyncGroup:443", "0.0.0.0/0 <- QueryGroup:443", "0.0.0.0/0 <- GraphQlGroup:443",
                "ProxyGroup <- WarehouseGroup:5432", "DatabaseGroup <- WarehouseGroup:5432", "RedshiftGroup <- WarehouseGroup:5439", "0.0.0.0/0 <- WarehouseGroup:443",
            ],
            ignoreOrder: true);

    [Fact]
    public void Without_the_warehouse_nobody_reaches_the_database_but_the_proxy() => Ingress(stacks.Small.Json).Where(rule => rule.Contains("DatabaseGroup:")).ShouldBe(["ProxyGroup -> DatabaseGroup:5432"]);

    [Fact]
    public void Every_description_has_only_characters_that_EC2_takes()
    {
        var descriptions = new[] { stacks.Whole.Json, stacks.Trial.Json, stacks.Existing.Json }.SelectMany(Descriptions).ToList();

        descriptions.Count.ShouldBeGreaterThan(20);
        descriptions.ShouldAllBe(description => Taken().IsMatch(description));
    }

    private static IEnumerable<string> FromOutside(SynthesizedStack stack) => Ingress(stack.Json).Where(rule => !rule.Contains("Group ->"));

    private static IEnumerable<string> Descriptions(TemplateJson template)
    {
        foreach (var group in template.OfType("AWS::EC2::SecurityGroup"))
        {
            yield return group.Text("GroupDescription");
            foreach (var rules in new[] { group["SecurityGroupIngress"], group["SecurityGroupEgress"] })
            {
                foreach (var rule in rules.ValueKind == JsonValueKind.Array ? rules.EnumerateArray() : [])
                {
                    if (rule.TryGetProperty("Description", out var description))
                    {
                        yield return Written(description);
                    }
                }
            }
        }

        foreach (var rule in template.All.Where(resource => resource.Type is "AWS::EC2::SecurityGroupIngress" or "AWS::EC2::SecurityGroupEgress"))
        {
            if (rule["Description"] is { ValueKind: not JsonValueKind.Undefined } description)
            {
                yield return Written(description);
            }
        }
    }

    // What is known only when deployed, an id or an address, has none of the forbidden ones.
    private static string Written(JsonElement description) => Unknown().Replace(TemplateJson.Text(description), "");

    private static IEnumerable<string> Ingress(TemplateJson template) =>
        Rules(template, "AWS::EC2::SecurityGroupIngress", "SecurityGroupIngress", "SourceSecurityGroupId").Select(rule => rule.Replace("<-", "->"));

    // A rule is a resource of its own, or stands inside its group. The CDK writes "nothing" as an impossible
    // ICMP rule.
    private static IEnumerable<string> Rules(TemplateJson template, string type, string inside, string peer)
    {
        var alone = template.OfType(type).Select(rule => (Group: TemplateJson.Target(rule["GroupId"])!, Rule: rule.Properties));
        var within = template.OfType("AWS::EC2::SecurityGroup").SelectMany(group =>
            group[inside] is { ValueKind: JsonValueKind.Array } rules ? rules.EnumerateArray().Select(rule => (Group: group.Name, Rule: rule)) : []);
        return alone.Concat(within)
            .Where(each => each.Rule.GetProperty("IpProtocol").GetString() != "icmp")
            .Select(each =>
            {
                each.Rule.GetProperty("IpProtocol").GetString().ShouldBe("tcp");
                each.Rule.GetProperty("FromPort").GetInt32().ShouldBe(each.Rule.GetProperty("ToPort").GetInt32());
                var other = each.Rule.TryGetProperty(peer, out var id) ? Name(TemplateJson.Target(id)!) : each.Rule.GetProperty("CidrIp").GetString()!;
                return $"{other} <- {Name(each.Group)}:{each.Rule.GetProperty("FromPort").GetInt32()}";
            });
    }

    private static string Name(string resource) => resource[..^8];

    // The API reference of EC2, CreateSecurityGroup and IpRange: up to 255 of these.
    [GeneratedRegex(@"\A[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}\z", RegexOptions.None, 1_000)]
    private static partial Regex Taken();

    [GeneratedRegex(@"\$\{[^}]*\}", RegexOptions.None, 1_000)]
    private static partial Regex Unknown();
}
