using Orders.AppHost.Aws;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Aws;

/// <summary>The CDK's error messages, word for word, in version <see cref="CdkProgram.Version"/>.</summary>
public sealed class CdkFailureTests
{
    private const string NoAccount =
        "Unable to resolve AWS account to use. It must be either configured when you define your CDK Stack, or through the environment";

    private const string Expired = "There are expired AWS credentials in your environment. The CDK app will synth without current account information.\n";

    [Theory]
    [InlineData(NoAccount, "There are no credentials for AWS. Sign in with `aws sso login`")]
    [InlineData(Expired + NoAccount, "The credentials for AWS have expired. Sign in with `aws sso login`")]
    [InlineData(
        "Orders: This CDK deployment requires bootstrap stack version '30', found '6' in aws://123456789012/us-east-1. Please run 'cdk bootstrap'.",
        "aws://123456789012/us-east-1 was prepared by an older CDK. Run `cdk bootstrap aws://123456789012/us-east-1` again.")]
    [InlineData(
        "Cloud assembly schema version mismatch: Maximum schema version supported is 36.x.x, but found 38.0.1",
        "The command line of the CDK is older than the stack.")]
    [InlineData("npm error code E404\nnpm error 404 Not Found", "npx cannot fetch the command line of the CDK.")]
    [InlineData(
        "❌  Orders: destroy failed: Cannot delete protected Cluster, please disable deletion protection and try again.",
        "The stack was deployed with keepData=true, which protects it from deletion.")]
    [InlineData(
        "Orders | 3/90 | CREATE_FAILED\n❌  Orders failed: Certificate not found\nsee the console",
        "cdk deploy has ended with 7: Orders failed: Certificate not found")]
    [InlineData("a line\nthe last line", "cdk deploy has ended with 7: the last line")]
    [InlineData("", "cdk deploy has ended with 7: It has written nothing.")]
    public void Each_failure_is_one_line_with_the_way_out(string output, string begin)
    {
        var line = CdkFailure.Explain("deploy", exitCode: 7, output);

        line.ShouldStartWith(begin);
        line.ShouldNotContain('\n');
    }
}
