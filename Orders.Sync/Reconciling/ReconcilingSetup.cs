namespace Orders.Sync.Reconciling;

internal static class ReconcilingSetup
{
    /// <summary>Adds reconciling.</summary>
    public static WebApplicationBuilder AddReconciling(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Reconciler>();
        builder.Services.AddSingleton<ReconcileJob>();
        return builder;
    }
}
