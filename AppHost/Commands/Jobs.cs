using System.Net;
using System.Text.Json;

namespace Orders.AppHost.Commands;

/// <summary>Starts a job of Orders.Sync, and follows it until it ends.</summary>
internal static class Jobs
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Compares the stores. It succeeds when they agree; the result contains the report in either case.
    /// </summary>
    public static Task<ExecuteCommandResult> ReconcileAsync(HttpClient sync, bool repairs, CancellationToken cancellationToken) =>
        FollowAsync(sync, "/v1/operations/reconcile", repairs ? "?repair=true" : "", OfReconcile, cancellationToken);

    /// <summary>Runs a snapshot or a rebuild.</summary>
    /// <param name="sync">The service.</param>
    /// <param name="kind"><c>snapshot</c> or <c>rebuild</c>.</param>
    /// <param name="cancellationToken">Stops waiting; the job continues.</param>
    public static Task<ExecuteCommandResult> SnapshotAsync(HttpClient sync, string kind, CancellationToken cancellationToken) =>
        FollowAsync(sync, $"/v1/operations/{kind}", "", answer => OfSnapshot(kind, answer), cancellationToken);

    /// <summary>The result of a reconciliation, from its status; null while it runs.</summary>
    internal static ExecuteCommandResult? OfReconcile(string answer)
    {
        using var status = JsonDocument.Parse(answer);
        return status.RootElement.GetProperty("state").GetString() switch
        {
            "running" => null,
            "completed" when status.RootElement.GetProperty("report").GetProperty("remaining").GetInt64() == 0 => CommandResults.Success("The stores agree.", answer, CommandResultFormat.Json),
            "completed" => CommandResults.Failure("The stores differ.", answer, CommandResultFormat.Json),
            var state => CommandResults.Failure($"The reconciliation has {state}.", answer, CommandResultFormat.Json),
        };
    }

    /// <summary>The result of a snapshot or rebuild, from its progress; null while it runs.</summary>
    internal static ExecuteCommandResult? OfSnapshot(string kind, string answer)
    {
        using var progress = JsonDocument.Parse(answer);
        return progress.RootElement.GetProperty("phase").GetString() switch
        {
            "completed" when progress.RootElement.GetProperty("broken").GetInt64() == 0 => CommandResults.Success($"The {kind} is complete.", answer, CommandResultFormat.Json),
            "completed" => CommandResults.Failure($"The {kind} is complete but for items that could not be written.", answer, CommandResultFormat.Json),
            "stopped" => CommandResults.Failure($"The {kind} was stopped.", answer, CommandResultFormat.Json),
            _ => null,
        };
    }

    private static async Task<ExecuteCommandResult> FollowAsync(HttpClient sync, string path, string query, Func<string, ExecuteCommandResult?> read, CancellationToken cancellationToken)
    {
        using var begun = await sync.PostAsync(new Uri(path + query, UriKind.Relative), content: null, cancellationToken);
        if (begun.StatusCode != HttpStatusCode.Accepted)
        {
            return await begun.ToResultAsync("", cancellationToken);
        }

        while (true)
        {
            await Task.Delay(BetweenLooks, cancellationToken);
            if (read(await sync.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken)) is { } result)
            {
                return result;
            }
        }
    }
}
