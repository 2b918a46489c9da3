using System.Text;
using Orders.Engines;

namespace Orders.AppHost;

/// <summary>
/// The command line: the arguments that AppHost accepts. Unknown ones, which .NET would ignore, are refused
/// by name.
/// </summary>
internal static class Arguments
{
    private sealed record Setting(string Name, string Takes, string What);

    private const string Yes = "true or false";
    private const string Port = "a port; 0 is any free one";
    private const string Container = "Parameters:";

    private static readonly Setting[] Own =
    [
        new("Engines", Yes, "engines of this machine, or containers; left out, containers where Docker or Podman answers"),
        new("Ephemeral", Yes, "keeps nothing: a temporary folder, or containers that end with AppHost"),
        new("data", "a folder", "where engines keep their data, instead of .orders of the repository: a new or an empty one"),
        new("api-port", Port, "where Orders.Api listens, instead of 8080"),
        new("query-port", Port, "where Orders.Query listens, instead of 8081"),
        new("sync-port", Port, "where Orders.Sync listens, instead of 8082"),
        new("graphql-port", Port, "where Orders.GraphQL listens, instead of 8083"),
        new("warehouse-port", Port, "where Orders.Warehouse listens, instead of 8084"),
        new("Parameters:localstack-tag", "a tag", "another image of LocalStack"),
        new("ASPIRE_CONTAINER_RUNTIME", "docker or podman", "where both are there"),
        new("help", "", "prints this"),
    ];

    private static readonly (string Variable, string What)[] Variables =
    [
        ("ORDERS_CACHE", "the folder of npm's packages"),
        ("LOCALSTACK_AUTH_TOKEN", "handed on to LocalStack"),
        (Application.TraceSetting, "true shows where a failure of AppHost itself comes from"),
    ];

    // The settings of Aspire that its command line and its tests pass; see DistributedApplicationBuilder.
    private static readonly string[] OfAspire =
    [
        "operation", "publisher", "step", "list-steps", "output-path", "log-level", "include-exception-details", "clear-cache", "yes",
        "dcp-cli-path", "dcp-container-runtime", "dcp-dependency-check-timeout", "dcp-dashboard-path", "environment", "urls", "contentRoot", "applicationName",
        "Parameters:postgres-password", "Parameters:redis-password", "Parameters:localstack-auth-token",
    ];

    private static readonly string[] Sections =
        ["AppHost:", "DcpPublisher:", "Publishing:", "Pipeline:", "Dashboard:", "Logging:", "Aspire:", "ConnectionStrings:", "Deployment:", "ASPIRE_", "ASPNETCORE_", "DOTNET_", "OTEL_", "LOCALSTACK_"];

    private static readonly string[] Publishing = ["operation", "publisher", "AppHost:Operation", "Publishing:Publisher"];
    private static readonly string[] Help = ["--help", "-h", "-?", "/?", "help"];

    // Edit distance of a typing error: one letter left out or doubled, or two exchanged. For a short name,
    // 1.
    private const int Slip = 2;
    private const int ShortName = 5;

    /// <summary>Whether the command line asks for the help text.</summary>
    public static bool AskForHelp(string[] args) => args.Any(arg => Help.Contains(arg, StringComparer.OrdinalIgnoreCase));

    /// <summary>The help text: one setting a line.</summary>
    public static string HelpText()
    {
        var text = new StringBuilder("Runs Orders on this machine: dotnet run --project AppHost -- [settings]").AppendLine().AppendLine();
        foreach (var setting in Own)
        {
            var shown = setting.Takes.Length > 0 ? $"--{setting.Name}=<{setting.Takes.Split(';')[0]}>" : $"--{setting.Name}";
            text.AppendLine($"  {shown,-46}{setting.What}");
        }

        text.AppendLine().AppendLine("Variables of the environment:");
        foreach (var (variable, what) in Variables)
        {
            text.AppendLine($"  {variable,-46}{what}");
        }

        return text.AppendLine().Append("Aspire's own arguments are taken too. To AWS: dotnet aspire publish, deploy, destroy; see docs/deploy.md.").ToString();
    }

    /// <summary>Refuses arguments that .NET would ignore.</summary>
    /// <param name="args">The command line, with a value for each flag.</param>
    /// <exception cref="EngineException">The first argument that is unknown, has no value, or cannot be
    /// combined with another.</exception>
    public static void Check(string[] args)
    {
        var given = Read(args).ToList();
        var publishes = given.Exists(each => Publishing.Contains(each.Name, StringComparer.OrdinalIgnoreCase));
        foreach (var (typed, name, value) in given)
        {
            // The parameters of a deployment are checked with its stack.
            if (publishes && name.StartsWith(Container, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!IsKnown(name) || IsShort(typed))
            {
                throw new EngineException(
                    typed.StartsWith('-') || value is not null ? $"{typed}: AppHost has no such setting" : $"{typed}: AppHost takes no such argument", WayOut(name));
            }

            if (Array.Find(Own, own => Is(own.Name, name)) is { } setting && string.IsNullOrEmpty(value))
            {
                throw new EngineException($"--{setting.Name}: no value is given", $"Give it {setting.Takes}, or leave it out.");
            }
        }

        if (given.Exists(each => Is(each.Name, "data")) && given.Exists(each => Is(each.Name, "Ephemeral") && Is(each.Value ?? "", "true")))
        {
            throw new EngineException("--Ephemeral=true keeps no data, and --data names a folder for it", "Give one of the two.");
        }
    }

    // As .NET reads it: --name=value, --name value, /name=value, name=value. It skips any other word.
    private static IEnumerable<(string Typed, string Name, string? Value)> Read(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var typed = equals < 0 ? args[i] : args[i][..equals];
            var isName = typed.StartsWith('-') || typed.StartsWith('/');
            var value = equals >= 0 ? args[i][(equals + 1)..] : isName && i + 1 < args.Length ? args[++i] : null;
            yield return (typed, isName ? typed.TrimStart('-', '/') : typed, value);
        }
    }

    private static bool IsKnown(string name) =>
        Own.Any(own => Is(own.Name, name)) || OfAspire.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Sections.Any(section => name.Length > section.Length && name.StartsWith(section, StringComparison.OrdinalIgnoreCase));

    // One hyphen is for names of one letter, and AppHost has none.
    private static bool IsShort(string typed) => typed.StartsWith('-') && !typed.StartsWith("--", StringComparison.Ordinal);

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string WayOut(string name)
    {
        var (nearest, changes) = NearestName.Of(name, [.. Own.Select(own => own.Name), .. OfAspire]);
        // A known name with a part appended: name:part.
        var above = Own.Select(own => own.Name).FirstOrDefault(own => name.StartsWith($"{own}:", StringComparison.OrdinalIgnoreCase));
        return above is not null ? $"The nearest is --{above}."
            : changes <= (nearest.Length < ShortName ? 1 : Slip) ? $"The nearest is --{nearest}."
            : "--help lists the settings.";
    }
}
