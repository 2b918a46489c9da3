using Orders.Infra.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>Certificate, names and region, which must fit each other.</summary>
public sealed class DomainTests
{
    private const string Domains = "apiDomain=api.example.com queryDomain=orders.example.com graphqlDomain=graphql.example.com hostedZoneId=Z1 hostedZoneName=example.com";

    [Fact]
    public void Names_reach_the_stack() =>
        Read().Domains.ShouldBe(new ServiceDomains("api.example.com", "orders.example.com", "graphql.example.com", "Z1", "example.com"));

    [Fact]
    public void Without_names_of_their_own_the_services_have_those_of_their_load_balancers() => SettingsReader.Read(_ => null).Check().Domains.ShouldBeNull();

    [Fact]
    public void The_zones_own_name_is_in_the_zone() => Read(("queryDomain", "example.com")).Domains!.Query.ShouldBe("example.com");

    [Theory]
    [InlineData("hostedZoneId", "", "hostedZoneId: It is missing, and apiDomain, queryDomain, graphqlDomain, hostedZoneName is there.")]
    [InlineData("graphqlDomain", "", "graphqlDomain: It is missing, and apiDomain, queryDomain, hostedZoneId, hostedZoneName is there.")]
    [InlineData("queryDomain", "orders.example.org", "queryDomain: 'orders.example.org' is not in the zone example.com.")]
    [InlineData("graphqlDomain", "graphql.example.org", "graphqlDomain: 'graphql.example.org' is not in the zone example.com.")]
    [InlineData("apiDomain", "notexample.com", "apiDomain: 'notexample.com' is not in the zone example.com.")]
    [InlineData("apiDomain", "API.example.com", "apiDomain: 'API.example.com' cannot be used. It is a DNS name")]
    [InlineData("hostedZoneName", "example", "hostedZoneName: 'example' cannot be used.")]
    [InlineData("hostedZoneId", "example.com", "hostedZoneId: 'example.com' cannot be used.")]
    [InlineData("certificateArn", "", "certificateArn: It is missing, and apiDomain, queryDomain, graphqlDomain, hostedZoneId, hostedZoneName is there")]
    [InlineData("certificateArn", "my-certificate", "certificateArn: 'my-certificate' cannot be used.")]
    public void What_is_missing_or_wrong_is_told_by_its_name(string name, string value, string message) =>
        Should.Throw<StackSettingException>(() => Read((name, value))).Message.ShouldStartWith(message);

    [Fact]
    public void A_certificate_of_another_region_is_refused()
    {
        var settings = Read();

        SettingsRules.CheckRegion(settings, SynthesizedStacks.Region);
        Should.Throw<StackSettingException>(() => SettingsRules.CheckRegion(settings, "us-east-1")).Message
            .ShouldStartWith("certificateArn: The certificate is in eu-central-1, and the stack in us-east-1");
    }

    [Theory]
    [InlineData("eu-west-1", "CDK_DEFAULT_REGION=eu-west-1", "AWS_REGION=eu-central-1")]
    [InlineData("eu-central-1", "AWS_REGION= eu-central-1 ", "AWS_DEFAULT_REGION=us-east-1")]
    [InlineData("us-east-1", "AWS_REGION=", "AWS_DEFAULT_REGION=us-east-1")]
    public void The_region_is_that_of_the_command_lines(string region, params string[] variables) =>
        Orders.Infra.StackRegion.Require(name => Array.Find(variables, each => each.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]).ShouldBe(region);

    [Fact]
    public void A_deployment_without_a_region_is_refused()
    {
        Orders.Infra.StackRegion.Find(_ => null).ShouldBeNull();
        Should.Throw<StackSettingException>(() => Orders.Infra.StackRegion.Require(_ => "")).Message.ShouldStartWith("AWS_REGION: It is not set.");
    }

    // All of them, but one that is another or none.
    private static OrdersStackSettings Read(params (string Name, string Value)[] but)
    {
        var given = $"{Domains} certificateArn={SynthesizedStacks.Certificate}".Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        foreach (var (name, value) in but)
        {
            given[name] = value;
        }

        return SettingsReader.Read(given.GetValueOrDefault).Check();
    }
}
