using System.Text.Json;
using Orders.Engines.Processes;

namespace Orders.AppHost.Commands;

/// <summary>The operations of Orders.Warehouse: what its command line does.</summary>
internal static class WarehouseOperations
{
    /// <summary>Adds them.</summary>
    public static IResourceBuilder<ProjectResource> WithWarehouseOperations(this IResourceBuilder<ProjectResource> warehouse) => warehouse
        .WithProgramCommand(
            "Status", new() { Description = "Age, files, sizes, quarantine, slot, the last snapshot.", IconName = "Pulse" },
            ["status", "--json"], OfStatus)
        .WithProgramCommand(
            "Reconcile",
            new()
            {
                Description = "Compares the newest state of the log with Postgres, day by day, and shows what differs.",
                IconName = "CheckmarkCircle",
                IsHighlighted = true,
                Progress = new() { Message = "Comparing the log with Postgres" },
            },
            ["reconcile", "--json"], OfReconcile)
        .WithProgramCommand(
            "Compact",
            new() { Description = "Turns the small files of past days into large ones. Queries go on meanwhile.", IconName = "ArrowMinimize", Progress = new() { Message = "Compacting past days" } },
            ["compact"], OfText)
        .WithProgramCommand(
            "Requeue",
            new()
            {
                Description = "Reads the quarantine again: what can be typed now goes to its log, once; the rest stays.",
                IconName = "MailArrowForward",
                Progress = new() { Message = "Reading the quarantine" },
            },
            ["requeue"], OfText)
        .WithProgramCommand(
            "Snapshot",
            new() { Description = "Reads the whole table into the log, beside the stream: what the log lacks, and what is gone.", IconName = "CameraAdd", Progress = new() { Message = "Reading the table" } },
            ["snapshot"], OfText);

    /// <summary>The result of <c>status</c>.</summary>
    internal static ExecuteCommandResult OfStatus(ShortProcess.Outcome outcome) => outcome.ExitCode == 0
        ? CommandResults.Success("How the warehouse is.", outcome.Answer, CommandResultFormat.Json)
        : CommandResults.Failure(ProgramCommand.LastLine(outcome));

    /// <summary>The result of <c>reconcile</c>, which exits with 1 on a difference too.</summary>
    internal static ExecuteCommandResult OfReconcile(ShortProcess.Outcome outcome) => outcome switch
    {
        { ExitCode: 0 } => CommandResults.Success("The log and Postgres agree.", outcome.Answer, CommandResultFormat.Json),
        { ExitCode: 1 } when IsReport(outcome.Answer) => CommandResults.Failure("The log and Postgres differ.", outcome.Answer, CommandResultFormat.Json),
        _ => CommandResults.Failure(ProgramCommand.LastLine(outcome)),
    };

    /// <summary>The result of a command that ends with a sentence.</summary>
    internal static ExecuteCommandResult OfText(ShortProcess.Outcome outcome) => outcome.ExitCode == 0
        ? CommandResults.Success(outcome.Answer, outcome.Output, CommandResultFormat.Text)
        : CommandResults.Failure(ProgramCommand.LastLine(outcome));

    private static bool IsReport(string answer)
    {
        try
        {
            using var report = JsonDocument.Parse(answer);
            return report.RootElement.TryGetProperty("different_days", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
