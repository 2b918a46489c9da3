using Amazon.CDK;
using Orders.Infra.Settings;

namespace Orders.Infra;

/// <summary>
/// Synthesizes a cloud assembly from parameters, for the command line of the CDK and for Aspire.
/// </summary>
public static class OrdersApp
{
    /// <summary>The stack's name in CloudFormation.</summary>
    public const string StackName = "Orders";

    /// <summary>Every parameter's name, for example <c>certificateArn</c>.</summary>
    public static IReadOnlyList<string> Parameters { get; } = [.. SettingsParameter.All.Select(parameter => parameter.Name)];

    /// <summary>Writes the stack. It needs Node, but no Docker, account or network.</summary>
    /// <param name="outputFolder">The folder to write to; earlier output of the CDK is replaced.</param>
    /// <param name="parameter"> A parameter's text by its name, one of <see cref="Parameters"/>; null or
    /// blank for none. The CDK's context (<c>-c</c>, <c>cdk.json</c>) is read after it. </param>
    /// <param name="region">The stack's region, against which the certificate's is checked; null to leave it
    /// to the command line that deploys.</param>
    /// <param name="sourceFolder">The folder of the solution, for images that are built from the
    /// sources.</param>
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
            .. settings.Warehouse ? [("warehouseImage", settings.WarehouseImage)] : Array.Empty<(string, string?)>(), ("collectorImage", settings.CollectorImage),
        ];
        return [.. images.Where(each => each.Image is null).Select(each => each.Name)];
    }
}
