using System.Text.RegularExpressions;

namespace Orders.AppHost.Aws;

/// <summary>Explains in one line why a command of the CDK failed, and what to do.</summary>
internal static partial class CdkFailure
{
    private const int MatchMilliseconds = 1_000;

    private const string SignIn =
        "Sign in with `aws sso login` or `aws configure`, name the profile in AWS_PROFILE, and see with `aws sts get-caller-identity` who you are.";

    // The first match counts: output about expired credentials also says that there are none.
    private static readonly (Regex Said, string Line)[] Known =
    [
        (Expired(), $"The credentials for AWS have expired. {SignIn}"),
        (NoCredentials(), $"There are no credentials for AWS. {SignIn}"),
        (OldBootstrap(), "${environment} was prepared by an older CDK. Run `cdk bootstrap ${environment}` again."),
        (NoBootstrap(), "${environment} is not prepared for the CDK. Run `cdk bootstrap ${environment}` once, and then this again."),
        (OldProgram(), $"The command line of the CDK is older than the stack. Run `npm install -g aws-cdk@{CdkProgram.Version}`."),
        (Protected(), "The stack was deployed with keepData=true, which protects it from deletion. Switch that off (docs/deploy.md), and then run this again."),
        (NoDocker(), "Docker does not answer, and images have to be made. Start it, or name images of a registry by apiImage, syncImage and so on."),
        (NoPackage(), $"npx cannot fetch the command line of the CDK. Run `npm install -g aws-cdk@{CdkProgram.Version}`, which says why."),
    ];

    /// <summary>Finds the line.</summary>
    /// <param name="command">The command, for example <c>deploy</c>.</param>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="output">All that it wrote.</param>
    public static string Explain(string command, int exitCode, string output)
    {
        foreach (var (said, line) in Known)
        {
            if (said.Match(output) is { Success: true } match)
            {
                return match.Result(line);
            }
        }

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = Array.FindLast(lines, line => line.StartsWith('❌')) ?? lines.LastOrDefault() ?? "It has written nothing.";
        return $"cdk {command} has ended with {exitCode}: {telling.TrimStart('❌', ' ')}";
    }

    [GeneratedRegex("expired AWS credentials|ExpiredToken|security token included in the request is expired", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex Expired();

    [GeneratedRegex("Unable to resolve AWS account to use|no credentials have been configured", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex NoCredentials();

    [GeneratedRegex(@"requires bootstrap stack version .* in (?<environment>aws://\S+?)\. Please run", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex OldBootstrap();

    [GeneratedRegex(@"not found in (?<environment>aws://\S+?)\. Has the environment been bootstrapped", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex NoBootstrap();

    [GeneratedRegex("Cloud assembly schema version mismatch|Maximum schema version supported", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex OldProgram();

    [GeneratedRegex("[Dd]eletion protection|delete protected", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex Protected();

    [GeneratedRegex("Cannot connect to the Docker daemon|spawn docker ENOENT", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex NoDocker();

    [GeneratedRegex("^npm (ERR!|error) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex NoPackage();
}
