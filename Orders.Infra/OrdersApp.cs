using Amazon.CDK;
using Orders.Infra.Settings;

namespace Orders.Infra;

/// <summary>
/// The way from parameters to a cloud assembly, for every caller: the command line of the CDK and Aspire
/// alike.
/// </summary>
public static class OrdersApp
{
    /// <summary>The stack's name in CloudFormation.</summary>
    public const string StackName = "Orders";

    /// <summary>Every parameter's name, for example <c>certificateArn</c>.</summary>
    public static IReadOnlyList<string> Parameters { get; } = [.. SettingsParameter.All.Select(parameter => parameter.Name)];

    /// <summary>Writes the stack. Needs Node, and neither Docker nor an account nor a network.</summary>
    /// <param name="outputFolder">The folder to write to; what the CDK wrote there before is
    /// replaced.</param>
    /// <param name="parameter">
    /// A parameter's text by its name, one of <see cref="Parameters"/>; null or blank for none. The CDK's
    /// context (<c>-c</c>, <c>cdk.json</c>) is asked after it.
    /// </param>
    /// <param name="region">The stack's region, against which the certificate's is checked; null to leave it
    /// to the command line that deploys.</param>
    /// <param name="sourceFolder">The folder of the solution, from which the images are made that no
    /// parameter names.</param>
    /// <exception cref="StackSettingException">A parameter is missing or wrong, or there is no
    /// Node.</exception>
    public static SynthesizedApp Synthesize(string outputFolder, Func<string, string?> parameter, string? region, string sourceFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentException.ThrowIfNullOrEmpty(sourceFolder);

        NodeCheck.Run(System.Environment.GetEnvironmentVariable);
        var app = BridgeFolder.Make(() => new App(new AppProps { Outdir = Path.GetFullPath(outputFolder) }));
        var settings = SettingsReader.Read(name => parameter(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : app.Node.TryGetContext(name)?.ToString());
        var props = new StackProps { Env = region is null ? null : new Amazon.CDK.Environment { Region = region } };
        _ = new OrdersStack(app, StackName, settings, Path.TrimEndingDirectorySeparator(Path.GetFullPath(sourceFolder)), props);
        return new(app.Synth().Directory, StackName, region, ToMake(settings));
    }

    private static string[] ToMake(OrdersStackSettings settings)
    {
        (string Name, string? Image)[] images =
        [
            ("apiImage", settings.ApiImage), ("syncImage", settings.SyncImage), ("queryImage", settings.QueryImage), ("graphqlImage", settings.GraphqlImage),
            ("collectorImage", settings.CollectorImage),
        ];
        return [.. images.Where(each => each.Image is null).Select(each => each.Name)];
    }
}
