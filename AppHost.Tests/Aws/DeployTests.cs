using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Aws;

/// <summary>
/// The steps of <c>aspire deploy</c>, with a script instead of the CDK that prints what the CDK prints.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class DeployTests : IDisposable
{
    private const string NotBootstrapped =
        "Orders: SSM parameter /cdk-bootstrap/hnb659fds/version not found in aws://123456789012/eu-central-1. Has the environment been bootstrapped? "
        + "Please run 'cdk bootstrap' (see https://docs.aws.amazon.com/cdk/latest/guide/bootstrapping.html)";

    private readonly string _folder = Directory.CreateTempSubdirectory("orders-deploy-").FullName;
    private readonly FakePrograms? _programs = OperatingSystem.IsWindows() ? null : new FakePrograms().WithNode();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _programs?.Dispose();
    }

    [Fact]
    public async Task Deploy_writes_the_stack_and_runs_the_CDK_on_it_whose_lines_are_shown()
    {
        Programs().WithCdk("Orders: deploying... [1/1]\n✅  Orders", script: "printf '%s' '{\"Orders\":{\"TableName\":\"orders\"}}' > \"$outputs\"");

        var run = await RunAsync("deploy", PipelineRun.Region, PipelineRun.NamedImages);

        run.ExitCode.ShouldBe(0, run.ToString());
        var assembly = Path.Combine(_folder, "cdk.out");
        File.Exists(Path.Combine(assembly, "manifest.json")).ShouldBeTrue();
        Programs().CdkArguments.ShouldBe(["deploy", "--app", assembly, "--require-approval", "never", "--outputs-file", Path.Combine(_folder, "outputs.json")]);
        run.Output.ShouldContain("Orders: deploying... [1/1]");
        run.Output.ShouldContain("certificateArn is not set: the load balancers are inside the VPC, without TLS.");
    }

    [Fact]
    public async Task A_failure_of_the_CDK_is_one_line_with_the_way_out()
    {
        Programs().WithCdk(NotBootstrapped, exitCode: 1);

        var run = await RunAsync("deploy", PipelineRun.Region, PipelineRun.NamedImages);

        run.Errors.ShouldHaveSingleItem().ShouldBe(
            "aws://123456789012/eu-central-1 is not prepared for the CDK. Run `cdk bootstrap aws://123456789012/eu-central-1` once, and then this again.");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(NotBootstrapped);
    }

    [Fact]
    public async Task Without_a_region_or_with_images_to_make_and_no_Docker_the_CDK_is_not_even_started()
    {
        Programs().WithCdk("").With("docker", "exit 1");

        var regionless = await RunAsync("deploy", region: null, PipelineRun.NamedImages);
        var dockerless = await RunAsync("deploy", PipelineRun.Region, PipelineRun.NamedImages[1..]);

        regionless.Errors.ShouldHaveSingleItem().ShouldBe("AWS_REGION: It is not set. Set it to the region of the stack, for example eu-central-1.");
        dockerless.Errors.ShouldHaveSingleItem().ShouldStartWith("docker: It does not answer, and is to make apiImage. Start it, name images of a registry");
        (regionless.ExitCode, dockerless.ExitCode).ShouldBe((1, 1));
        Programs().CdkArguments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Destroy_wants_to_be_confirmed_then_runs_the_CDK()
    {
        Programs().WithCdk("✅  Orders: destroyed");

        var asked = await RunAsync("destroy", PipelineRun.Region, PipelineRun.NamedImages);
        asked.Errors.ShouldHaveSingleItem().ShouldStartWith("Nothing was removed, since this console cannot be asked. Confirm it with --yes");
        asked.ExitCode.ShouldBe(1);
        Programs().CdkArguments.ShouldBeEmpty();

        var confirmed = await RunAsync("destroy", PipelineRun.Region, [.. PipelineRun.NamedImages, "--yes", "true"]);
        confirmed.ExitCode.ShouldBe(0, confirmed.ToString());
        Programs().CdkArguments.ShouldBe(["destroy", "--app", Path.Combine(_folder, "cdk.out"), "--force"]);
        confirmed.Output.ShouldContain("keepData=true: what was deployed so leaves the table, a snapshot of the database, the lake and the keys.");
    }

    private FakePrograms Programs()
    {
        Assert.SkipUnless(_programs is not null, "the programs are scripts for sh");
        return _programs;
    }

    private Task<PipelineRun> RunAsync(string step, string? region, string[] arguments) =>
        PipelineRun.OfAsync(step, _folder, new Dictionary<string, string?> { ["PATH"] = Programs().Folder, ["AWS_REGION"] = region }, arguments);
}
