using Microsoft.Extensions.Configuration;
using Orders.AppHost.Aws;
using Orders.Infra.Settings;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Aws;

public sealed class StackParametersTests
{
    [Theory]
    [InlineData("certificateArn")]
    [InlineData("CERTIFICATEARN")]
    [InlineData("postgres-password")]
    [InlineData("localstack-auth-token")]
    public void Those_of_the_stack_and_of_the_containers_of_this_machine_may_be_there(string name) => Should.NotThrow(() => StackParameters.Check(With(name)));

    [Theory]
    [InlineData("certifcateArn", "certificateArn")]
    [InlineData("tabelName", "tableName")]
    [InlineData("certificate-arn", "certificateArn")]
    [InlineData("graphql-images", "graphqlImage")]
    public void Any_other_is_refused_with_the_nearest(string name, string nearest) =>
        Should.Throw<StackSettingException>(() => StackParameters.Check(With(name))).Message
            .ShouldBe($"Parameters:{name}: The stack has no such parameter. The nearest is {nearest}.");

    private static IConfiguration With(string name) => new ConfigurationBuilder().AddInMemoryCollection([new($"Parameters:{name}", "x")]).Build();
}
