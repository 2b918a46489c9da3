using Amazon.CDK;
using Orders.Infra;
using Orders.Infra.Hosting;

// The command line of the CDK says where it wants the result.
const string FolderSetting = "CDK_OUTDIR";

try
{
    var app = new App(new AppProps { Outdir = System.Environment.GetEnvironmentVariable(FolderSetting) ?? "cdk.out" });
    var settings = SettingsReader.Read(args, name => app.Node.TryGetContext(name)?.ToString());
    _ = settings.Images is null ? new OrdersStack(app, SettingsReader.StackName, settings) : new OrdersServicesStack(app, SettingsReader.StackName, settings);
    Console.WriteLine(Path.Combine(app.Synth().Directory, $"{SettingsReader.StackName}.template.json"));
    return 0;
}
catch (StackSettingException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
