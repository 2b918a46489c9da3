using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.Sync.Status;

/// <summary><c>GET /v1/operations/status</c></summary>
internal static class StatusEndpoint
{
    public static void MapStatus(this RouteGroupBuilder operations) => operations.MapGet("/status", HandleAsync)
        .WithName("GetSyncStatus")
        .WithSummary("Where the replication stands: shards, dead letters, gaps, cache repairs, orders in doubt, changes passed over.")
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Ok<SyncStatus>> HandleAsync(StatusReader status, CancellationToken cancellationToken) =>
        TypedResults.Ok(await status.ReadAsync(cancellationToken));
}
