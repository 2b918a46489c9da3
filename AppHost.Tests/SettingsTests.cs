using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("--Ephemeral")]
    [InlineData("--ephemeral")]
    [InlineData("--Ephemeral --api-port=0")]
    [InlineData("--Ephemeral=true")]
    [InlineData("--Ephemeral true")]
    [InlineData("--api-port 0 --Ephemeral")]
    public void A_flag_needs_no_value(string line) => Read(line).Flag("Ephemeral").ShouldBe(true);

    [Fact]
    public void A_flag_with_a_value_keeps_it() => Read("--Ephemeral false --Engines").Flag("Ephemeral").ShouldBe(false);

    [Theory]
    [InlineData("--operation=publish --step=cdk-synth --output-path=out")]
    [InlineData("--urls=http://127.0.0.1:0 --environment=Development")]
    [InlineData("--Parameters:localstack-tag=4.14.0 --DcpPublisher:RandomizePorts=true")]
    [InlineData("--ENGINES=true --Data=x --Api-Port=0")]
    public void What_Aspire_and_the_host_take_is_not_for_us_to_judge(string line) => Should.NotThrow(() => Settings.CheckNames(Read(line)));

    private static IConfigurationRoot Read(string line)
    {
        var builder = new ConfigurationBuilder();
        builder.AddCommandLine(Settings.WithFlags(line.Split(' ')));
        return builder.Build();
    }
}
