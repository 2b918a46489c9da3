using System.Globalization;
using Npgsql;
using Orders.Engines.Data;
using Orders.Local.Run;
using Spectre.Console;
using StackExchange.Redis;

namespace Orders.Local.Cli;

/// <summary>The output when everything runs: addresses, and what to type next.</summary>
internal static class Summary
{
    public static void Show(Screen screen, Endpoints endpoints, Uri? dashboard, TimeSpan took)
    {
        screen.Line();
        screen.Table(Addresses(endpoints, dashboard));
        screen.Line();
        screen.Line("Place an order:");
        screen.Line($"""
              curl --location {endpoints.Api}/v1/orders --header 'Content-Type: application/json' --header 'Authorization: Basic Zm9vOmJhcg==' --data '{"{"}"merchant_id": "merchant-102", "amount": 200.00, "currency": "INR"{"}"}'
            """);
        screen.Line("Read it back, with the order_id of the answer:");
        screen.Line($"  curl --include --user foo:bar {endpoints.Query}/v1/orders/<order_id>");
        screen.Line();
        screen.Line(screen.Dim($"Started in {took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s. Ctrl-C stops everything."));
        screen.Line("Ready");
    }

    private static Table Addresses(Endpoints endpoints, Uri? dashboard)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns(new TableColumn("").NoWrap().PadLeft(2), new TableColumn("").NoWrap(), new TableColumn("").NoWrap());
        Add("Console", endpoints.Query + "/", "open it in a browser");
        Add("Orders.Api", endpoints.Api, "orders are written here");
        Add("Orders.Query", endpoints.Query, "orders are read here");
        Add("Orders.Sync", endpoints.Sync, "health and operations");
        Add("Orders.GraphQL", endpoints.GraphQL is { } graphQL ? graphQL + "/graphql" : "none", endpoints.GraphQL is null ? "it needs Node" : "GraphQL over Orders.Query; a browser gets GraphiQL (foo, bar)");
        Add("Orders.Warehouse", endpoints.Warehouse, "every change as Parquet");
        Add("Lake", endpoints.Lake, "Parquet files, for any tool");
        Add("DynamoDB", endpoints.DynamoDb, $"table {ServiceSettings.Table}");
        Add("Postgres", Psql(endpoints.Postgres), "for psql");
        Add("Redis", endpoints.Redis is { } redis ? RedisCli(redis) : "none", endpoints.Redis is null ? "Postgres answers every read" : "for redis-cli -u");
        if (dashboard is not null)
        {
            Add("Dashboard", dashboard.OriginalString, "traces, metrics, logs");
        }

        return table;

        void Add(params ReadOnlySpan<string> cells)
        {
            var row = new List<Text>();
            foreach (var cell in cells)
            {
                row.Add(new Text(cell));
            }

            table.AddRow(row);
        }
    }

    private static string RedisCli(string configuration)
    {
        var parts = ConfigurationOptions.Parse(configuration);
        return $"redis://:{parts.Password}@{parts.EndPoints[0]}";
    }

    private static string Psql(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}";
    }
}
