using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;
using Orders.Sync.DeadLetters;
using Orders.Sync.Reconciling;
using Orders.Sync.Snapshots;
using Orders.Sync.Status;

namespace Orders.Sync;

/// <summary>
/// The operations API: <c>/v1/operations/…</c>, for keys with the scope <c>operations</c>.
/// </summary>
internal static class OperationsApi
{
    public static void MapOperations(this WebApplication app)
    {
        var operations = app.MapGroup("/v1/operations").RequireScope(Scopes.Operations).WithTags("operations");
        operations.AddEndpointFilter<StoreFailureFilter>();
        operations.MapStatus();
        operations.MapDeadLetters();
        operations.MapSnapshots();
        operations.MapReconcile();
    }
}
