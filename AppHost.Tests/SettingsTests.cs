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

    private static IConfigurationRoot Read(string line)
    {
        var builder = new ConfigurationBuilder();
        builder.AddCommandLine(Settings.WithFlags(line.Split(' ')));
        return builder.Build();
    }
}
