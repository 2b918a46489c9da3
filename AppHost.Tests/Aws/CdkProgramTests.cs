using System.Runtime.Versioning;
using Orders.AppHost.Aws;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Aws;

[UnsupportedOSPlatform("windows")]
public sealed class CdkProgramTests
{
    [Fact]
    public void It_is_cdk_else_npx_that_fetches_a_known_version_else_one_line_says_what_to_install()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the programs are scripts for sh");
        using var programs = new FakePrograms();

        Should.Throw<DistributedApplicationException>(() => CdkProgram.Find(programs.Folder)).Message
            .ShouldStartWith("PATH: There is neither 'cdk', the command line of the CDK, nor 'npx'");

        programs.With("npx", "");
        CdkProgram.Find(programs.Folder).Arguments.ShouldBe(["--yes", "aws-cdk@2.1148.1"]);

        programs.With("cdk", "");
        CdkProgram.Find(programs.Folder).ShouldSatisfyAllConditions(
            cdk => cdk.File.ShouldBe(Path.Combine(programs.Folder, "cdk")), cdk => cdk.Arguments.ShouldBeEmpty());
    }
}
