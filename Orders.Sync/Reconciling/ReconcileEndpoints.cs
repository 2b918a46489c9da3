using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;

namespace Orders.Sync.Reconciling;

/// <summary>
/// <c>/v1/operations/reconcile</c>: POST starts one in the background of this instance, GET returns its
/// findings, DELETE stops it.
/// </summary>
internal static class ReconcileEndpoints
{
    private const string Path = "/reconcile";

    public static void MapReconcile(this RouteGroupBuilder operations)
    {
        operations.MapPost(Path, Begin)
            .WithName("BeginReconcile")
            .WithSummary("Compare DynamoDB, Postgres and Redis; with ?repair=true, also mend what differs.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        operations.MapGet(Path, Read)
            .WithName("GetReconcile")
            .WithSummary("What this instance's newest reconciliation has compared and found.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        operations.MapDelete(Path, Stop)
            .WithName("StopReconcile")
            .WithSummary("Stop the reconciliation that runs in this instance.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Accepted<ReconcileJob.Status>, ProblemHttpResult> Begin(ReconcileJob job, bool? repair) =>
        job.TryBegin(new ReconcileOptions { Repairs = repair == true }) is { } status
            ? TypedResults.Accepted($"/v1/operations{Path}", status)
            : Problems.Conflict("A reconciliation runs already in this instance.");

    private static Results<Ok<ReconcileJob.Status>, ProblemHttpResult> Read(ReconcileJob job) =>
        job.Newest is { } status ? TypedResults.Ok(status) : Problems.NotFound("No reconciliation was begun in this instance.");

    private static Results<Ok<ReconcileJob.Status>, ProblemHttpResult> Stop(ReconcileJob job) =>
        job.Stop() is { } status ? TypedResults.Ok(status) : Problems.NotFound("No reconciliation runs in this instance.");
}
