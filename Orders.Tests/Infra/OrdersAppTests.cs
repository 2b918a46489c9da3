using System.Text.Json;
using Orders.Infra;
using Orders.Infra.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>The way in for every caller.</summary>
[Collection(SynthesizedStacks.CallsCdk)]
public sealed class OrdersAppTests(SynthesizedStacks stacks) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orders-app-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_stack_goes_to_the_region_that_was_given_else_to_that_of_the_command_line_that_deploys()
    {
        Environment(stacks.Whole).ShouldBe("aws://unknown-account/eu-central-1");
        Environment(stacks.Trial).ShouldBe("aws://unknown-account/unknown-region");
        stacks.Whole.App.ShouldSatisfyAllConditions(app => app.StackName.ShouldBe("Orders"), app => app.Region.ShouldBe("eu-central-1"));

        static string? Environment(SynthesizedStack stack)
        {
            using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(stack.App.Folder, "manifest.json")));
            return manifest.RootElement.GetProperty("artifacts").GetProperty(stack.App.StackName).GetProperty("environment").GetString();
        }
    }

    [Theory]
    [InlineData("certificateArn", "certificateArn=" + SynthesizedStacks.Certificate)]
    [InlineData("tasks", "tasks=many")]
    [InlineData("logDays", "logDays=31")]
    [InlineData("apiDomain", "hostedZoneId=Z1")]
    public void What_is_wrong_is_refused_before_anything_is_written(string parameter, string argument)
    {
        var given = Arguments.Read([argument]);

        Should.Throw<StackSettingException>(() => OrdersApp.Synthesize(_folder, given.GetValueOrDefault, "us-east-1", SourceFolder.Find())).Parameter.ShouldBe(parameter);
        Directory.EnumerateFiles(_folder).ShouldBeEmpty();
    }
}
