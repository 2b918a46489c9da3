using Amazon.CDK;
using Orders.Infra;

// The command line of the CDK says where it wants the result.
const string FolderSetting = "CDK_OUTDIR";

try
{
    var app = new App(new AppProps { Outdir = System.Environment.GetEnvironmentVariable(FolderSetting) ?? "cdk.out" });
    _ = new OrdersStack(app, SettingsReader.StackName, SettingsReader.Read(args, name => app.Node.TryGetContext(name)?.ToString()));
    Console.WriteLine(Path.Combine(app.Synth().Directory, $"{SettingsReader.StackName}.template.json"));
    return 0;
}
catch (StackSettingException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
