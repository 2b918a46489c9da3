using Microsoft.Extensions.Configuration;
using Orders.AppHost.Aws;
using Orders.Infra;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class AwsSettingsTests
{
    private const string Certificate = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b-2c3d";
    private static readonly string[] Whole =
    [
        "AWS_REGION=eu-central-1", $"Parameters:certificateArn={Certificate}", "Parameters:tasks=3",
        "Parameters:apiDomain=api.example.com", "Parameters:queryDomain=orders.example.com", "Parameters:graphqlDomain=graphql.example.com",
        "Parameters:hostedZoneId=Z1", "Parameters:hostedZoneName=example.com",
    ];

    [Fact]
    public void Every_parameter_reaches_the_stack()
    {
        var settings = Read(Whole);

        settings.Region.ShouldBe("eu-central-1");
        settings.Stack.CertificateArn.ShouldBe(Certificate);
        settings.Stack.Tasks.ShouldBe(3);
        settings.Domain.ShouldBe(new AwsDomain("api.example.com", "orders.example.com", "graphql.example.com", "Z1", "example.com"));
    }

    [Fact]
    public void Without_names_of_their_own_the_services_have_those_of_their_load_balancers() => Read(Whole[..2]).Domain.ShouldBeNull();

    [Theory]
    [InlineData("AWS_REGION", "", "AWS_REGION: It is not set.")]
    [InlineData("AWS_REGION", "us-east-1", "certificateArn: The certificate is in eu-central-1, and the stack in us-east-1")]
    [InlineData("Parameters:certificateArn", "", "certificateArn: It is missing")]
    [InlineData("Parameters:certificateArn", "my-certificate", "certificateArn: 'my-certificate' cannot be used.")]
    [InlineData("Parameters:tasks", "many", "tasks: 'many' is no whole number.")]
    [InlineData("Parameters:hostedZoneId", "", "hostedZoneId: It is missing, and apiDomain, queryDomain, graphqlDomain, hostedZoneName is there.")]
    [InlineData("Parameters:queryDomain", "orders.example.org", "queryDomain: 'orders.example.org' is not in the zone example.com.")]
    [InlineData("Parameters:graphqlDomain", "", "graphqlDomain: It is missing, and apiDomain, queryDomain, hostedZoneId, hostedZoneName is there.")]
    [InlineData("Parameters:graphqlDomain", "graphql.example.org", "graphqlDomain: 'graphql.example.org' is not in the zone example.com.")]
    public void What_is_missing_or_wrong_is_told_by_its_name(string name, string value, string message) =>
        Should.Throw<StackSettingException>(() => Read([.. Whole, $"{name}={value}"])).Message.ShouldStartWith(message);

    private static AwsSettings Read(string[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var setting in settings)
            values[setting[..setting.IndexOf('=', StringComparison.Ordinal)]] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return AwsSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
