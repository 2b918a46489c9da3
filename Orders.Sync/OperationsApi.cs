using Orders.ServiceDefaults.CrossSite;
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
        var operations = app.MapGroup("/v1/operations").RequireScope(Scopes.Operations).RefuseForms().WithTags("operations");
        operations.AddEndpointFilter<StoreFailureFilter>();
        operations.MapDeadLetters();

        // They read and write the orders of everybody: there is no part of them for a key of some merchants.
        var whole = operations.MapGroup("").RequireAllMerchants("Its own dead letters it can see, redrive and discard.");
        whole.MapStatus();
        whole.MapSnapshots();
        whole.MapReconcile();
    }
}
