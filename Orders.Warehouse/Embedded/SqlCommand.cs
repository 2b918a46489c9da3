using System.CommandLine;
using System.Text;
using System.Text.Json;
using Orders.ServiceDefaults.Commands;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Embedded;

/// <summary><c>sql</c></summary>
internal static class SqlCommand
{
    private const int MostSeconds = 3_600;
    private const int MostRows = 1_000_000;
    private static readonly QueryBounds Default = new();

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var sql = new Argument<string?>("sql") { Description = "The SELECT; without it, standard input has it.", Arity = ArgumentArity.ZeroOrOne };
        var json = CommonOptions.Json();
        var csv = new Option<bool>("--csv") { Description = "Write the result as CSV (RFC 4180) with a line of names." };
        var timeout = new Option<int>("--timeout") { Description = "Stop after so many seconds.", DefaultValueFactory = _ => (int)Default.Time.TotalSeconds };
        var limit = new Option<int>("--limit") { Description = "Write so many rows at most.", DefaultValueFactory = _ => Default.Rows };
        var command = new Command("sql", "Ask the warehouse: one SELECT over orders_current, orders_history, orders_changes and the other views. Nothing is written.") { sql, json, csv, timeout, limit };
        timeout.Validators.Add(result => Between(result, timeout, MostSeconds));
        limit.Validators.Add(result => Between(result, limit, MostRows));
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
            {
                result.AddError("--json and --csv are two formats. Choose one.");
            }
        });
        command.SetAction((parsed, cancellationToken) => runner.RunAsync(
            (context, token) =>
            {
                var bounds = Default with { Time = TimeSpan.FromSeconds(parsed.GetValue(timeout)), Rows = parsed.GetValue(limit) };
                var format = parsed.GetValue(json) ? Format.Json : parsed.GetValue(csv) ? Format.Csv : Format.Table;
                return RunAsync(context, parsed.GetValue(sql), bounds, format, token);
            },
            cancellationToken));
        return command;
    }

    private enum Format
    {
        Table,
        Json,
        Csv,
    }

    private static void Between(System.CommandLine.Parsing.OptionResult result, Option<int> option, int most)
    {
        if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var value) || value < 1 || value > most))
        {
            result.AddError($"{option.Name} is a number from 1 to {most}, not '{token.Value}'.");
        }
    }

    private static async Task<int> RunAsync(CommandContext context, string? sql, QueryBounds bounds, Format format, CancellationToken cancellationToken)
    {
        var (_, output, error) = context.Terminal;
        sql ??= await context.Terminal.In.ReadToEndAsync(cancellationToken);
        QueryAnswer answer;
        try
        {
            answer = await context.Services.GetRequiredService<LockedQueries>().RunAsync(sql, bounds, cancellationToken);
        }
        catch (Exception failure) when (failure is QueryException or LakeException)
        {
            // DuckDB marks the place below the line.
            foreach (var line in failure.Message.Split('\n'))
            {
                await error.WriteLineAsync(PlainText.Of(line.TrimEnd('\r')));
            }

            return ExitCodes.Failed;
        }

        await (format switch
        {
            Format.Json => WriteJsonAsync(output, answer),
            Format.Csv => WriteCsvAsync(output, answer),
            _ => TextTable.WriteAsync(output, [.. answer.Columns.Select(column => PlainText.Of(column.Name))], [.. answer.Rows.Select(row => row.EnumerateArray().Select(cell => TextOf(cell, "NULL")).ToArray())]),
        });
        if (answer.IsCut)
        {
            await error.WriteLineAsync($"There are more rows. --limit {bounds.Rows} is what was written.");
        }

        return ExitCodes.Done;
    }

    // An array of objects, as most tools read it.
    private static async Task WriteJsonAsync(TextWriter output, QueryAnswer answer)
    {
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var row in answer.Rows)
            {
                json.WriteStartObject();
                var column = 0;
                foreach (var cell in row.EnumerateArray())
                {
                    json.WritePropertyName(answer.Columns[column++].Name);
                    json.WriteRawValue(cell.GetRawText());
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        await output.WriteLineAsync(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static async Task WriteCsvAsync(TextWriter output, QueryAnswer answer)
    {
        await output.WriteLineAsync(string.Join(',', answer.Columns.Select(column => Field(column.Name))));
        foreach (var row in answer.Rows)
        {
            // NULL is nothing between two commas, and an empty text is two quotes.
            await output.WriteLineAsync(string.Join(',', row.EnumerateArray().Select(cell => cell.ValueKind == JsonValueKind.Null ? "" : Field(TextOf(cell, "")))));
        }
    }

    private static string Field(string text) =>
        text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string TextOf(JsonElement cell, string ofNull) => cell.ValueKind switch
    {
        JsonValueKind.Null => ofNull,
        JsonValueKind.String => cell.GetString()!,
        _ => cell.GetRawText(),
    };
}
