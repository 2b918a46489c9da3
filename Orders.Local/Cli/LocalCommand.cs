using System.CommandLine;
using System.Globalization;
using Orders.Local.Run;

namespace Orders.Local.Cli;

/// <summary>The command line.</summary>
internal static class LocalCommand
{
    private const int LargestPort = 65_535;
    private const int LargestDemo = 5_000;

    /// <param name="run">Handles a valid command line; its result is the exit code.</param>
    public static RootCommand Create(Func<LocalSettings, Task<int>> run)
    {
        var ephemeral = new Option<bool>("--ephemeral") { Description = "Keep no data: everything goes to a temporary folder that is removed at the end." };
        var data = new Option<string>("--data")
        {
            Description = "The folder for the data and for endpoints.json.",
            HelpName = "folder",
            DefaultValueFactory = _ => ".orders",
        };
        var api = Port("--api-port", "Orders.Api, where orders are written", LocalSettings.DefaultApiPort);
        var query = Port("--query-port", "Orders.Query, where orders are read", LocalSettings.DefaultQueryPort);
        var sync = Port("--sync-port", "Orders.Sync, its health and operations", LocalSettings.DefaultSyncPort);
        var graphQL = Port("--graphql-port", "Orders.GraphQL, GraphQL over Orders.Query (with Node)", LocalSettings.DefaultGraphQLPort);
        var warehouse = Port("--warehouse-port", "Orders.Warehouse, its health and analytics", LocalSettings.DefaultWarehousePort);
        var demo = Number("--demo", $"Place that many orders a second, up to {LargestDemo}, and let them move on.", "n", 0, LargestDemo);
        var dashboard = new Option<bool>("--dashboard") { Description = "Start the Aspire dashboard too (from npm) and send traces, metrics and logs to it." };
        var verbose = new Option<bool>("--verbose") { Description = "Show the services' logs." };
        var command = new RootCommand("Orders on this machine: DynamoDB, Postgres and Redis engines and the services, no Docker, no cloud account.")
        {
            ephemeral, data, api, query, sync, graphQL, warehouse, demo, dashboard, verbose,
        };
        command.SetAction((parsed, _) => run(new()
        {
            DataFolder = parsed.GetValue(data)!,
            Ephemeral = parsed.GetValue(ephemeral),
            ApiPort = parsed.GetValue(api),
            QueryPort = parsed.GetValue(query),
            SyncPort = parsed.GetValue(sync),
            GraphQLPort = parsed.GetValue(graphQL),
            WarehousePort = parsed.GetValue(warehouse),
            Demo = parsed.GetValue(demo),
            Dashboard = parsed.GetValue(dashboard),
            Verbose = parsed.GetValue(verbose),
        }));
        return command;
    }

    private static Option<int> Port(string name, string service, int port) =>
        Number(name, $"The port of {service}; 0 for any free one.", "port", port, LargestPort);

    private static Option<int> Number(string name, string description, string helpName, int value, int largest)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
            {
                return;
            }

            if (!int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) || number < 0 || number > largest)
            {
                result.AddError($"{name} takes a number from 0 to {largest}, not '{result.Tokens[0].Value}'.");
            }
        });
        return option;
    }
}
