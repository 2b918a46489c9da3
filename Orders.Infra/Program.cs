using Orders.Infra;
using Orders.Infra.Settings;

// The command line of the CDK sets the output folder.
const string FolderVariable = "CDK_OUTDIR";

try
{
    var given = Arguments.Read(args);
    var app = OrdersApp.Synthesize(
        Environment.GetEnvironmentVariable(FolderVariable) ?? "cdk.out",
        name => given.GetValueOrDefault(name),
        StackRegion.Find(Environment.GetEnvironmentVariable),
        SourceFolder.Find());
    Console.WriteLine(app.Template);
    return 0;
}
catch (StackSettingException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
