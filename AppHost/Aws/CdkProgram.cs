using Orders.Engines.Processes;

namespace Orders.AppHost.Aws;

/// <summary>The command line of the CDK.</summary>
/// <param name="File">The full path of the program to start.</param>
/// <param name="Arguments">The arguments that come before those of the CDK.</param>
internal sealed record CdkProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>The version that npx fetches. The translation of errors was written for it.</summary>
    public const string Version = "2.1148.1";

    /// <summary>Finds it: <c>cdk</c>, otherwise <c>npx</c>, which fetches it from npm.</summary>
    /// <param name="searchPath">The folders to look in, as in <c>PATH</c>.</param>
    /// <exception cref="DistributedApplicationException">Neither is there.</exception>
    public static CdkProgram Find(string searchPath)
    {
        if (Executables.Find("cdk", searchPath) is { } cdk)
        {
            return new(cdk, []);
        }

        return Executables.Find("npx", searchPath) is { } npx
            ? new(npx, ["--yes", $"aws-cdk@{Version}"])
            : throw new DistributedApplicationException(
                $"PATH: There is neither 'cdk', the command line of the CDK, nor 'npx', which would fetch it. Install Node with npm, or run "
                + $"`npm install -g aws-cdk@{Version}`.");
    }
}
