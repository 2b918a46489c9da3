namespace Orders.AppHost.Commands;

/// <summary>The operations of Orders.Sync: what its API and its command line do.</summary>
internal static class Operations
{
    private const string DeadLetters = "/v1/operations/dead-letters";

    /// <summary>Adds them.</summary>
    public static IResourceBuilder<ProjectResource> WithOperations(this IResourceBuilder<ProjectResource> sync) => sync
        .WithServiceCommand(
            "status", "Status", new() { Description = "Shards, lag, dead letters, gaps, repairs of the cache.", IconName = "Pulse" },
            (service, _, token) => GetAsync(service, "/v1/operations/status", "Where the replication stands.", token))
        .WithServiceCommand(
            "reconcile", "Reconcile",
            new()
            {
                Description = "Compares DynamoDB, Postgres and Redis, and shows what differs.",
                IconName = "CheckmarkCircle",
                IsHighlighted = true,
                Progress = new() { Message = "Comparing all stores" },
                Arguments = [new() { Name = "repair", Label = "Repair what differs", InputType = InputType.Boolean, Value = "false" }],
            },
            (service, arguments, token) => Jobs.ReconcileAsync(service, arguments.Flag("repair"), token))
        .WithServiceCommand(
            "snapshot", "Snapshot",
            new() { Description = "Reads the whole table again, beside the stream: what is missing or older is written, what is gone is removed.", IconName = "CameraAdd", Progress = new() { Message = "Reading the table" } },
            (service, _, token) => Jobs.SnapshotAsync(service, "snapshot", token))
        .WithServiceCommand(
            "rebuild-read-model", "Rebuild read model",
            new()
            {
                Description = "A snapshot that also replaces what differs, and computes totals, customers and products again.",
                IconName = "ArrowClockwiseDashes",
                ConfirmationMessage = "Rebuild the read model from the table? Reads go on meanwhile; orders that differ are replaced.",
                Progress = new() { Message = "Rebuilding the read model" },
            },
            (service, _, token) => Jobs.SnapshotAsync(service, "rebuild", token))
        .WithServiceCommand(
            "dead-letters", "List dead letters", new() { Description = "Records that could not be applied, and those that wait behind them, oldest first.", IconName = "MailWarning" },
            (service, _, token) => GetAsync(service, DeadLetters, "Dead letters, oldest first.", token))
        .WithServiceCommand(
            "redrive-dead-letters", "Redrive dead letters",
            new()
            {
                Description = "Tries all dead letters again, each item's in order.",
                IconName = "MailArrowForward",
                ConfirmationMessage = "Try all dead letters again? Those that fail again stay.",
                Progress = new() { Message = "Trying dead letters again" },
            },
            RedriveAsync);

    private static async Task<ExecuteCommandResult> GetAsync(HttpClient sync, string path, string message, CancellationToken cancellationToken)
    {
        using var answer = await sync.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await answer.ToResultAsync(message, cancellationToken);
    }

    private static async Task<ExecuteCommandResult> RedriveAsync(HttpClient sync, InputValues arguments, CancellationToken cancellationToken)
    {
        using var answer = await sync.PostAsync(new Uri($"{DeadLetters}/redrive", UriKind.Relative), content: null, cancellationToken);
        return await answer.ToResultAsync("The dead letters were tried again.", cancellationToken);
    }
}
