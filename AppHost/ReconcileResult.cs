using System.Net;
using System.Text.Json;

namespace Orders.AppHost;

/// <summary>Follows a reconciliation that was begun until it has ended.</summary>
internal static class ReconcileResult
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>The command's result: a success when the stores agree, with the report in either case.</summary>
    public static async Task<ExecuteCommandResult> ReadAsync(HttpCommandResultContext context)
    {
        var answer = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
        if (context.Response.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.Conflict))
            return CommandResults.Failure($"Orders.Sync answered {(int)context.Response.StatusCode}.", answer, CommandResultFormat.Json);
        while (true)
        {
            await Task.Delay(BetweenLooks, context.CancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{context.Endpoint.Url}/v1/operations/reconcile"));
            request.Headers.Authorization = ServiceCommands.LocalKey;
            using var look = await context.HttpClient.SendAsync(request, context.CancellationToken);
            // The job lives in one instance of Orders.Sync; another one, which a new connection may meet, knows nothing of it.
            if (look.StatusCode != HttpStatusCode.NotFound && Of(await look.Content.ReadAsStringAsync(context.CancellationToken)) is { } result)
                return result;
        }
    }

    /// <summary>Null while it runs.</summary>
    internal static ExecuteCommandResult? Of(string answer)
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
}
