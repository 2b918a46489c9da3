using Orders.Infra.Settings;

namespace Orders.Infra;

/// <summary>The region of the stack, from the variables of the AWS and CDK command lines.</summary>
public static class StackRegion
{
    // The first is set by the command line of the CDK for the program that it runs.
    private static readonly string[] Variables = ["CDK_DEFAULT_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"];

    /// <summary>The region; null when none is set.</summary>
    /// <param name="variable">An environment variable by its name; null or blank for none.</param>
    public static string? Find(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return Variables.Select(variable).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))?.Trim();
    }

    /// <summary>The region for a deployment, which is required.</summary>
    /// <param name="variable">As for <see cref="Find"/>.</param>
    /// <exception cref="StackSettingException">None is set.</exception>
    public static string Require(Func<string, string?> variable) =>
        Find(variable) ?? throw new StackSettingException("AWS_REGION", "It is not set.", "Set it to the region of the stack, for example eu-central-1.");
}
