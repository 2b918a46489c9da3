using Orders.Engines;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class ArgumentsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--Engines --Ephemeral=true")]
    [InlineData("--ENGINES=true --Data=x --Api-Port=0")]
    [InlineData("--data x --query-port 0")]
    [InlineData("--operation publish --step cdk-synth --output-path out --Parameters:apiImage=x")]
    [InlineData("--operation=publish --list-steps=true --log-level=debug --include-exception-details=true --yes true")]
    [InlineData("--publisher manifest --output-path out")]
    [InlineData("--urls=http://127.0.0.1:0 --environment=Development --contentRoot=/ --applicationName=AppHost")]
    [InlineData("--Parameters:localstack-tag=4.14.0 --DcpPublisher:RandomizePorts=true --AppHost:DashboardApiKey=x")]
    [InlineData("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=false --ASPNETCORE_URLS=http://localhost:1 --Logging:LogLevel:Default=Debug")]
    public void What_AppHost_Aspire_and_the_host_take_is_taken(string line) => Should.NotThrow(() => Check(line));

    [Theory]
    [InlineData("foo", "foo: AppHost takes no such argument. --help lists the settings.")]
    [InlineData("--Engines=true foo", "foo: AppHost takes no such argument. --help lists the settings.")]
    [InlineData("--foo=1", "--foo: AppHost has no such setting. --help lists the settings.")]
    [InlineData("-Ephemeral=true", "-Ephemeral: AppHost has no such setting. The nearest is --Ephemeral.")]
    [InlineData("--Ephemaral=true", "--Ephemaral: AppHost has no such setting. The nearest is --Ephemeral.")]
    [InlineData("--Engine=true", "--Engine: AppHost has no such setting. The nearest is --Engines.")]
    [InlineData("Engine=true", "Engine: AppHost has no such setting. The nearest is --Engines.")]
    [InlineData("--apiport=0", "--apiport: AppHost has no such setting. The nearest is --api-port.")]
    [InlineData("--dat=/tmp", "--dat: AppHost has no such setting. The nearest is --data.")]
    [InlineData("--Engines:foo=true", "--Engines:foo: AppHost has no such setting. The nearest is --Engines.")]
    [InlineData("--Parameters:localstack-tagg=4", "--Parameters:localstack-tagg: AppHost has no such setting. The nearest is --Parameters:localstack-tag.")]
    [InlineData("--opertion publish", "--opertion: AppHost has no such setting. The nearest is --operation.")]
    [InlineData("--Engines=", "--Engines: no value is given. Give it true or false, or leave it out.")]
    [InlineData("--data=", "--data: no value is given. Give it a folder, or leave it out.")]
    [InlineData("--api-port", "--api-port: no value is given. Give it a port; 0 is any free one, or leave it out.")]
    [InlineData("--Ephemeral --data=x", "--Ephemeral=true keeps no data, and --data names a folder for it. Give one of the two.")]
    public void What_would_be_ignored_is_refused_by_name(string line, string problem) =>
        Should.Throw<EngineException>(() => Check(line)).Message.ShouldBe(problem);

    [Fact]
    public void The_settings_are_listed_one_a_line()
    {
        Arguments.AskForHelp(["--Engines=true", "--help"]).ShouldBeTrue();
        var lines = Arguments.HelpText().Split('\n');
        foreach (var name in new[] { "--Engines", "--Ephemeral", "--data", "--api-port", "--sync-port", "ORDERS_CACHE" })
        {
            lines.ShouldContain(line => line.TrimStart().StartsWith(name, StringComparison.Ordinal), name);
        }
    }

    private static void Check(string line) => Arguments.Check(Settings.WithFlags(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
