using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// <c>/v1/operations/snapshot</c> and <c>/v1/operations/rebuild</c>: POST begins one or resumes a stopped
/// one, GET returns its progress, DELETE stops it. Any instance may run it.
/// </summary>
internal static class SnapshotEndpoints
{
    public static void MapSnapshots(this RouteGroupBuilder operations)
    {
        Map(operations, SnapshotKind.Snapshot, "Snapshot", "what is missing here or older than in the table is written, what the table no longer has is removed");
        Map(operations, SnapshotKind.Rebuild, "Rebuild", "a snapshot that also replaces what differs, and computes totals, customers and products again");
    }

    private static void Map(RouteGroupBuilder operations, SnapshotKind kind, string name, string what)
    {
        var path = $"/{kind.Name()}";
        operations.MapPost(path, (SnapshotControl snapshots, CancellationToken stop) => BeginAsync(snapshots, kind, stop))
            .WithName($"Begin{name}")
            .WithSummary($"Begin a {kind.Name()}, or go on with a stopped one: {what}.")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        operations.MapGet(path, (SnapshotControl snapshots, CancellationToken stop) => ReadAsync(snapshots, kind, stop))
            .WithName($"Get{name}")
            .WithSummary($"How far the newest {kind.Name()} is.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        operations.MapDelete(path, (SnapshotControl snapshots, CancellationToken stop) => StopAsync(snapshots, kind, stop))
            .WithName($"Stop{name}")
            .WithSummary($"Stop the {kind.Name()} that runs; it goes on from there when it is begun again.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Accepted<SnapshotProgress>, ProblemHttpResult>> BeginAsync(SnapshotControl snapshots, SnapshotKind kind, CancellationToken cancellationToken) =>
        await snapshots.BeginAsync(kind, "asked for by the operations API", cancellationToken) is { } snapshotId
        && await snapshots.ReadProgressAsync(snapshotId, cancellationToken) is { } progress
            ? TypedResults.Accepted($"/v1/operations/{kind.Name()}", progress)
            : Problems.Conflict("One of the other kind is under way. Wait for it, or stop it.");

    private static async Task<Results<Ok<SnapshotProgress>, ProblemHttpResult>> ReadAsync(SnapshotControl snapshots, SnapshotKind kind, CancellationToken cancellationToken) =>
        await snapshots.ReadNewestAsync(kind, cancellationToken) is { } progress ? TypedResults.Ok(progress) : Problems.NotFound($"No {kind.Name()} was ever begun.");

    private static async Task<Results<Ok<SnapshotProgress>, ProblemHttpResult>> StopAsync(SnapshotControl snapshots, SnapshotKind kind, CancellationToken cancellationToken) =>
        await snapshots.StopAsync(kind, cancellationToken) is { } snapshotId
        // One that is stopped is dropped when one of the other kind begins.
        && await snapshots.ReadProgressAsync(snapshotId, cancellationToken) is { } progress
            ? TypedResults.Ok(progress)
            : Problems.NotFound($"No {kind.Name()} runs.");
}
